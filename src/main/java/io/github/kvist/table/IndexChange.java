// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.api.KvException;
import io.github.kvist.backend.Branch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The entries of one index that go and come when one record changes.
 *
 * @param kept those that stay, if they get the new deadline of the record
 */
record IndexChange(IndexSpace<?, ?> index, List<byte[]> removed, List<byte[]> added, List<byte[]> kept) {

    private static final byte[] NO_VALUE = {};

    static IndexChange removal(IndexSpace<?, ?> index, List<byte[]> entries) {
        return new IndexChange(index, entries, List.of(), List.of());
    }

    /** From two sorted lists, what is only in the first and what is only in the second; what is in both if it is rewritten. */
    static IndexChange between(IndexSpace<?, ?> index, List<byte[]> before, List<byte[]> after, boolean isRewritten) {
        List<byte[]> removed = new ArrayList<>(before.size());
        List<byte[]> added = new ArrayList<>(after.size());
        List<byte[]> kept = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < before.size() && j < after.size()) {
            int order = Arrays.compareUnsigned(before.get(i), after.get(j));
            if (order < 0) {
                removed.add(before.get(i++));
            } else if (order > 0) {
                added.add(after.get(j++));
            } else {
                if (isRewritten) {
                    kept.add(after.get(j));
                }
                i++;
                j++;
            }
        }
        removed.addAll(before.subList(i, before.size()));
        added.addAll(after.subList(j, after.size()));
        return new IndexChange(index, removed, added, kept);
    }

    void requireUnique(Branch branch) {
        for (byte[] entry : added) {
            requireFree(branch, index, entry);
        }
        for (byte[] entry : kept) {
            guardSiblings(branch, index, entry);
        }
    }

    void remove(Branch branch) {
        for (byte[] entry : removed) {
            branch.discard(index.keyspace(), entry);
        }
    }

    void add(Branch branch, long deadline) {
        for (byte[] entry : added) {
            branch.put(index.keyspace(), entry, NO_VALUE, deadline);
        }
        for (byte[] entry : kept) {
            branch.put(index.keyspace(), entry, NO_VALUE, deadline);
        }
    }

    /**
     * To be called before an entry of a unique index gets a later deadline: a transaction that began later may have seen it
     * gone, and given its key to another record.
     */
    static void guardSiblings(Branch branch, IndexSpace<?, ?> index, byte[] entry) {
        if (index.isUnique()) {
            Bounds siblings = index.siblings(entry);
            branch.guardRange(index.keyspace(), siblings.from(), siblings.to());
        }
    }

    /**
     * Lets a new entry into a unique index only if its key has no other.
     *
     * @throws KvException.UniqueViolation if it has
     */
    static void requireFree(Branch branch, IndexSpace<?, ?> index, byte[] entry) {
        if (!index.isUnique()) {
            return;
        }
        Bounds siblings = index.siblings(entry);
        branch.guardRange(index.keyspace(), siblings.from(), siblings.to());
        if (branch.count(index.keyspace(), siblings.from(), siblings.to()) > 0) {
            throw new KvException.UniqueViolation(
                    index
                            + ": another record has this key. The operation had no effect; delete or change that record first.");
        }
    }
}
