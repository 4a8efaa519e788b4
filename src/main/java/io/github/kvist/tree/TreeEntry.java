// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.tree;

import org.jspecify.annotations.Nullable;

/**
 * One entry as it was found: where its value lies, its version and its deadline.
 *
 * <p>Immutable. The value is not copied: it is a run of bytes inside an array of the tree, which never changes and which
 * nobody else may change. A kept entry keeps that array, about 2 KB, from being collected.
 */
public final class TreeEntry {
    private final byte[] array;
    private final int offset;
    private final int length;
    private final long version;
    private final long deadline;

    TreeEntry(byte[] array, int offset, int length, long version, long deadline) {
        this.array = array;
        this.offset = offset;
        this.length = length;
        this.version = version;
        this.deadline = deadline;
    }

    static TreeEntry at(Object leaf, int i) {
        byte[] page = BigPage.page(leaf);
        int metaAt = Page.metaAt(page, i);
        byte[] array = page;
        int offset = metaAt + Page.metaWidth(page);
        int length = Page.entryEnd(page, i) - offset;
        if (leaf instanceof BigPage bigPage) {
            int slot = Page.slot(page, metaAt);
            if (slot >= 0) {
                array = bigPage.big[slot];
                offset = 0;
                length = array.length;
            }
        }
        return new TreeEntry(array, offset, length, Page.version(page, metaAt), Page.deadline(page, metaAt));
    }

    static @Nullable TreeEntry find(Object root, byte[] key) {
        Object leaf = Node.leaf(root, key);
        int i = PageSearch.find(BigPage.page(leaf), key);
        return i < 0 ? null : at(leaf, i);
    }

    /** The array that holds the value; read {@link #length()} bytes from {@link #offset()}, and never write. */
    public byte[] array() {
        return array;
    }

    public int offset() {
        return offset;
    }

    public int length() {
        return length;
    }

    public long version() {
        return version;
    }

    /** The instant from which the entry counts as gone, or {@link RadixTree#NEVER}. */
    public long deadline() {
        return deadline;
    }

    /** A fresh copy of the value. */
    public byte[] value() {
        byte[] value = new byte[length];
        Words.copy(array, offset, value, 0, length);
        return value;
    }

    /** Whether version, deadline and value are the same. */
    boolean same(TreeEntry other) {
        return version == other.version
                && deadline == other.deadline
                && length == other.length
                && Words.equal(array, offset, other.array, other.offset, length);
    }
}
