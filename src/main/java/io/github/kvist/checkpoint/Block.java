// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.checkpoint;

import io.github.kvist.format.ImageBlock;

/** A block whose checksum was right, taken apart: either pages, or one value. */
final class Block {
    /** Stands for a big value that lies in a block of its own. No big value is empty, so it is known by identity. */
    static final byte[] ELSEWHERE = {};

    static final byte[][] NO_BIG = {};

    final ImageBlock header;

    /** The value, if the block is one. */
    final byte[] value;

    final byte[][] pages;

    /** The big values of each page: {@link #NO_BIG}, or as many as it has, {@link #ELSEWHERE} or not. */
    final byte[][][] big;

    final boolean[] underSep;

    /** The lengths of the values that are {@link #ELSEWHERE}, in order. */
    final int[] lengthsElsewhere;

    Block(ImageBlock header, byte[][] pages, byte[][][] big, boolean[] underSep, int[] lengthsElsewhere) {
        this.header = header;
        this.value = ELSEWHERE;
        this.pages = pages;
        this.big = big;
        this.underSep = underSep;
        this.lengthsElsewhere = lengthsElsewhere;
    }

    Block(ImageBlock header, byte[] value) {
        this.header = header;
        this.value = value;
        this.pages = new byte[0][];
        this.big = new byte[0][][];
        this.underSep = new boolean[0];
        this.lengthsElsewhere = new int[0];
    }

    boolean isValue() {
        return header.pages() == 0;
    }
}
