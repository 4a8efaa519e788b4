// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.tree;

import org.jspecify.annotations.Nullable;

/**
 * A radix node: tests one half byte of the key and hands on to one of up to 17 children.
 *
 * <p>All keys below share the half bytes before {@link #position()}, which are not stored (optimistic skip): only the page
 * at the end knows, so whoever descends compares there. A child owns a range of labels, from its own up to the next
 * child's, so every label finds a child. A child that is no leaf holds keys of a single label.
 */
final class Inner {
    private static final int HEIGHT_SHIFT = 56;
    private static final long COUNT_MASK = (1L << HEIGHT_SHIFT) - 1;

    /** Who may change this node in place; null: nobody. */
    final @Nullable Object owner;

    /** High half: the position. Low half: bit {@code b} says that a child's range starts at label {@code b + 1}. */
    int bits;

    Object[] kids;

    /** Height in the top byte (levels of radix nodes below, at most this many), count of entries below. */
    private long tally;

    long bytes;

    /** Lower bound of the deadlines below. */
    long deadline;

    private Inner(@Nullable Object owner, int bits, Object[] kids, long tally, long bytes, long deadline) {
        this.owner = owner;
        this.bits = bits;
        this.kids = kids;
        this.tally = tally;
        this.bytes = bytes;
        this.deadline = deadline;
    }

    /** A node over children, whose labels rise; the first label is taken as 0. */
    static Inner of(@Nullable Object owner, int position, int[] labels, Object[] kids) {
        int bits = position << 16;
        for (int i = 1; i < kids.length; i++) {
            bits |= bit(labels[i]);
        }
        Inner inner = new Inner(owner, bits, kids, 0, 0, RadixTree.NEVER);
        inner.sum();
        return inner;
    }

    /** What a key is at a half byte: 0 if it ends before, else the half byte plus 1. */
    static int label(byte[] key, int position) {
        int at = position >>> 1;
        return at >= key.length ? 0 : labelOf(key[at], position);
    }

    static int labelOf(byte value, int position) {
        return ((value >>> ((~position & 1) << 2)) & 15) + 1;
    }

    int position() {
        return bits >>> 16;
    }

    /** The index of the child that owns the key's label. */
    int slot(byte[] key) {
        return slot(label(key, bits >>> 16));
    }

    int slot(int label) {
        return Integer.bitCount(bits & ((1 << label) - 1));
    }

    /** The first label that a child owns. */
    int labelAt(int slot) {
        int rest = bits & 0xffff;
        for (int i = 1; i < slot; i++) {
            rest &= rest - 1;
        }
        return slot == 0 ? 0 : Integer.numberOfTrailingZeros(rest) + 1;
    }

    long count() {
        return tally & COUNT_MASK;
    }

    int height() {
        return (int) (tally >>> HEIGHT_SHIFT);
    }

    /** This node if the owner may change it, else a copy that it may change. */
    Inner own(@Nullable Object by) {
        return owner != null && owner == by ? this : new Inner(by, bits, kids.clone(), tally, bytes, deadline);
    }

    /** As {@link #own}, with one child replaced by several. */
    Inner own(@Nullable Object by, int slot, int[] labels, Object[] parts) {
        Object[] more = new Object[kids.length + parts.length - 1];
        System.arraycopy(kids, 0, more, 0, slot);
        System.arraycopy(parts, 0, more, slot, parts.length);
        System.arraycopy(kids, slot + 1, more, slot + parts.length, kids.length - slot - 1);
        int newBits = bits;
        for (int i = 1; i < parts.length; i++) {
            newBits |= bit(labels[i]);
        }
        return with(by, newBits, more);
    }

    /** As {@link #own}, without the label and the child at a slot: its range falls to its left neighbour or the next. */
    Inner without(@Nullable Object by, int slot) {
        Object[] fewer = new Object[kids.length - 1];
        System.arraycopy(kids, 0, fewer, 0, slot);
        System.arraycopy(kids, slot + 1, fewer, slot, fewer.length - slot);
        return with(by, bits & ~bit(labelAt(Math.max(slot, 1))), fewer);
    }

    private Inner with(@Nullable Object by, int newBits, Object[] newKids) {
        if (owner != null && owner == by) {
            bits = newBits;
            kids = newKids;
            return this;
        }
        return new Inner(by, newBits, newKids, tally, bytes, deadline);
    }

    private static int bit(int label) {
        return 1 << (label - 1);
    }

    /** Notes that entries came or went below. */
    void account(long entries, long payload, long earliest) {
        tally += entries;
        bytes += payload;
        deadline = Math.min(deadline, earliest);
    }

    /** As above, once the children are in place: a bound that rested on an entry that went is found anew. */
    void account(long entries, long payload, long earliest, long gone) {
        account(entries, payload, earliest);
        if (gone < earliest && deadline == gone) {
            tighten();
        }
    }

    void raise(int height) {
        if (height > height()) {
            tally = count() | ((long) Math.min(height, 255) << HEIGHT_SHIFT);
        }
    }

    /** Recomputes the bound from the children. */
    void tighten() {
        long earliest = RadixTree.NEVER;
        for (Object kid : kids) {
            earliest = Math.min(earliest, Node.deadline(kid));
        }
        deadline = earliest;
    }

    /** Recomputes everything that is derived from the children. */
    void sum() {
        long entries = 0;
        long payload = 0;
        int height = 0;
        for (Object kid : kids) {
            entries += Node.count(kid);
            payload += Node.bytes(kid);
            height = Math.max(height, Node.height(kid));
        }
        tally = entries | ((long) Math.min(height + 1, 255) << HEIGHT_SHIFT);
        bytes = payload;
        tighten();
    }
}
