// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.tree;

import org.jspecify.annotations.Nullable;

/** Told of the pages of a tree, see {@link RadixTree#pages}. */
@FunctionalInterface
public interface PageVisitor {
    /**
     * Called once per page, in key order. {@link TreeBuilder#addPage} takes the same arguments in the same order.
     *
     * @param page the page as it lies in memory, which is also its form on storage; never to be written
     * @param big the values that stand outside the page, in the order of their slots; null if there are none
     * @param underSep whether a comparison node, not a radix node, joins this page to the one before it
     */
    void page(byte[] page, byte @Nullable [][] big, boolean underSep);
}
