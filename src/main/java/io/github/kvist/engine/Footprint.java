// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import io.github.kvist.tree.RadixTree;

/**
 * How much heap trees take, estimated from what they count anyway: keys and values, and for each entry its share of a page and
 * of the nodes above. Keys that share beginnings take less.
 */
final class Footprint {

    /** Offset, lengths, fingerprint and version of an entry, and its share of the page's header and its free end. */
    private static final long ENTRY_BYTES = 12;

    private static final long DEADLINE_BYTES = 8;

    /** What one more entry takes at most beside its key and value, but for the first of a tree. */
    static final long PUT_BYTES_MAX = ENTRY_BYTES + DEADLINE_BYTES;

    private static final long TREE_BYTES = 128;

    private Footprint() {}

    static long of(RadixTree tree) {
        long entries = tree.count();
        if (entries == 0) {
            return 0;
        }
        long each = tree.deadline() == RadixTree.NEVER ? ENTRY_BYTES : ENTRY_BYTES + DEADLINE_BYTES;
        return TREE_BYTES + tree.bytes() + entries * each;
    }

    static long of(Root root) {
        long bytes = 0;
        for (int keyspace = 0; keyspace < root.trees(); keyspace++) {
            bytes += of(root.tree(keyspace));
        }
        return bytes;
    }
}
