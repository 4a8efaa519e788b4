// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.tree;

/** What every kind of node can be asked: {@code byte[]}, {@link Inner}, {@link BigPage}, {@link Sep}; of a {@link Bucket}, what it lies on. */
final class Node {
    private Node() {}

    static long count(Object node) {
        if (node instanceof byte[] page) {
            return Page.count(page);
        }
        if (node instanceof Inner inner) {
            return inner.count();
        }
        return node instanceof Sep sep ? sep.count : Page.count(BigPage.page(Bucket.base(node)));
    }

    static long bytes(Object node) {
        if (node instanceof byte[] page) {
            return Page.payload(page, null);
        }
        if (node instanceof Inner inner) {
            return inner.bytes;
        }
        if (node instanceof Sep sep) {
            return sep.bytes;
        }
        Object leaf = Bucket.base(node);
        return Page.payload(BigPage.page(leaf), BigPage.big(leaf));
    }

    static long deadline(Object node) {
        if (node instanceof byte[] page) {
            return Page.deadline(page);
        }
        if (node instanceof Inner inner) {
            return inner.deadline;
        }
        return node instanceof Sep sep ? sep.deadline : Page.deadline(BigPage.page(Bucket.base(node)));
    }

    /** Levels of radix nodes. */
    static int height(Object node) {
        return node instanceof Inner inner ? inner.height() : 0;
    }

    static Object[] kids(Object node) {
        return node instanceof Inner inner ? inner.kids : ((Sep) node).kids;
    }

    /** The leaf that holds a key, if any does. */
    static Object leaf(Object root, byte[] key) {
        Object node = root;
        while (node instanceof Inner inner) {
            node = inner.kids[inner.slot(key)];
        }
        while (node instanceof Sep sep) {
            node = sep.kids[sep.slot(key)];
        }
        return node;
    }
}
