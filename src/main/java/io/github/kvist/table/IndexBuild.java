// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.backend.Branch;
import io.github.kvist.backend.EntryCursor;
import java.util.List;

/** Builds indexes from the records of a table, inside a branch. O(records). */
final class IndexBuild {

    private static final byte[] NO_VALUE = {};

    private IndexBuild() {}

    /**
     * Fills the empty keyspaces of {@code missing}.
     *
     * @throws io.github.kvist.api.KvException.UniqueViolation if two records have one key of a unique index
     */
    static <K, V> void build(Branch branch, TableSpace<K, V> space, List<IndexDefinition> missing) {
        List<IndexSpace<V, ?>> indexes = space.indexes().stream()
                .filter(index -> missing.contains(index.definition()))
                .toList();
        if (indexes.isEmpty()) {
            return;
        }
        branch.guardRange(space.records(), Bounds.ALL.from(), null);
        try (EntryCursor records = branch.scan(space.records(), Bounds.ALL.from(), null, false)) {
            while (records.advance()) {
                byte[] key = records.key();
                V value = space.value(records.array(), records.offset(), records.length());
                for (IndexSpace<V, ?> index : indexes) {
                    for (byte[] entry : index.entries(value, key)) {
                        add(branch, index, entry, records.deadline());
                    }
                }
            }
        }
    }

    /** Adds the entries of the record at which a scan stands, those that a writer has not added already. */
    static <K, V> void addIfMissing(Branch branch, TableSpace<K, V> space, IndexSpace<V, ?> index, EntryCursor record) {
        V value = space.value(record.array(), record.offset(), record.length());
        for (byte[] entry : index.entries(value, record.key())) {
            if (branch.get(index.keyspace(), entry) == null) {
                add(branch, index, entry, record.deadline());
            }
        }
    }

    private static void add(Branch branch, IndexSpace<?, ?> index, byte[] entry, long deadline) {
        IndexChange.requireFree(branch, index, entry);
        branch.put(index.keyspace(), entry, NO_VALUE, deadline);
    }
}
