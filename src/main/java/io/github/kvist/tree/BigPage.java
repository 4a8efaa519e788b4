// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.tree;

import org.jspecify.annotations.Nullable;

/**
 * A page some of whose values are too big to be copied with their neighbours: those stand in arrays of their own.
 *
 * <p>A <em>leaf</em> is a page ({@code byte[]}) or one of these.
 */
final class BigPage {
    final byte[] page;
    final byte[][] big;

    BigPage(byte[] page, byte[][] big) {
        this.page = page;
        this.big = big;
    }

    static byte[] page(Object leaf) {
        return leaf instanceof byte[] page ? page : ((BigPage) leaf).page;
    }

    static byte @Nullable [][] big(Object leaf) {
        return leaf instanceof BigPage page ? page.big : null;
    }

    static boolean isLeaf(@Nullable Object node) {
        return node instanceof byte[] || node instanceof BigPage;
    }
}
