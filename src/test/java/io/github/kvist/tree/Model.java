// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a tree should hold: a plain sorted map, and the comparison of the two. */
final class Model {
    record Stored(byte[] value, long version, long deadline) {
        boolean same(TreeEntry entry) {
            return version == entry.version() && deadline == entry.deadline() && Arrays.equals(value, entry.value());
        }

        boolean same(Stored other) {
            return version == other.version && deadline == other.deadline && Arrays.equals(value, other.value);
        }
    }

    final NavigableMap<byte[], Stored> map;

    Model() {
        this(new TreeMap<>(Arrays::compareUnsigned));
    }

    private Model(NavigableMap<byte[], Stored> map) {
        this.map = map;
    }

    Model copy() {
        NavigableMap<byte[], Stored> copy = new TreeMap<>(Arrays::compareUnsigned);
        copy.putAll(map);
        return new Model(copy);
    }

    NavigableMap<byte[], Stored> range(byte[] from, byte @Nullable [] to) {
        if (to == null) {
            return map.tailMap(from, true);
        }
        return Arrays.compareUnsigned(from, to) >= 0
                ? new TreeMap<>(Arrays::compareUnsigned)
                : map.subMap(from, true, to, false);
    }

    /** Every invariant, every key by get, every entry by a cursor in each direction. */
    void assertHolds(RadixTree tree) {
        tree.check();
        assertThat(tree.count()).isEqualTo(map.size());
        long bytes = 0;
        long deadline = RadixTree.NEVER;
        for (Map.Entry<byte[], Stored> entry : map.entrySet()) {
            TreeEntry found = tree.get(entry.getKey());
            if (found == null || !entry.getValue().same(found)) {
                throw new AssertionError("lost " + Arrays.toString(entry.getKey()));
            }
            bytes += entry.getKey().length + entry.getValue().value().length;
            deadline = Math.min(deadline, entry.getValue().deadline());
        }
        assertThat(tree.bytes()).isEqualTo(bytes);
        assertThat(tree.deadline()).isLessThanOrEqualTo(deadline);
        assertScans(tree, new byte[0], null);
    }

    void assertScans(RadixTree tree, byte[] from, byte @Nullable [] to) {
        assertSame(tree.forward(from, to), range(from, to));
        assertSame(tree.backward(from, to), range(from, to).descendingMap());
    }

    private static void assertSame(TreeCursor cursor, Map<byte[], Stored> expected) {
        for (Map.Entry<byte[], Stored> entry : expected.entrySet()) {
            if (!cursor.advance()) {
                throw new AssertionError("ends before " + Arrays.toString(entry.getKey()));
            }
            assertIsOn(cursor, entry);
        }
        assertThat(cursor.advance()).isFalse();
        assertThat(cursor.advance()).isFalse();
    }

    static void assertIsOn(TreeCursor cursor, Map.Entry<byte[], Stored> entry) {
        byte[] value = Arrays.copyOfRange(cursor.array(), cursor.offset(), cursor.offset() + cursor.length());
        boolean same = Arrays.equals(cursor.key(), entry.getKey())
                && cursor.keyLength() == entry.getKey().length
                && entry.getValue().same(new Stored(value, cursor.version(), cursor.deadline()));
        if (!same) {
            throw new AssertionError(
                    "at " + Arrays.toString(cursor.key()) + ", not " + Arrays.toString(entry.getKey()));
        }
    }
}
