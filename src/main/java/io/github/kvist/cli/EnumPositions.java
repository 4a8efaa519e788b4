// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import io.github.kvist.api.KeyCodec;
import java.util.Comparator;

/** Reads keys of enum constants without their class: as positions in the order of declaration. */
final class EnumPositions implements KeyCodec<Integer> {

    private static final int BYTES = 2;

    static Integer parse(String text) {
        int position = Integer.parseInt(text);
        if (position < 0 || position > Character.MAX_VALUE) {
            throw new IllegalArgumentException("not a position");
        }
        return position;
    }

    @Override
    public String id() {
        return "enum";
    }

    @Override
    public byte[] encode(Integer position) {
        return new byte[] {(byte) (position >>> Byte.SIZE), position.byteValue()};
    }

    @Override
    public Integer decode(byte[] source, int offset, int length) {
        if (length != BYTES) {
            throw new IllegalArgumentException("The position of a constant has 2 bytes, not " + length + ".");
        }
        return Byte.toUnsignedInt(source[offset]) << Byte.SIZE | Byte.toUnsignedInt(source[offset + 1]);
    }

    @Override
    public Comparator<Integer> order() {
        return Comparator.naturalOrder();
    }

    @Override
    public int fixedBytes() {
        return BYTES;
    }
}
