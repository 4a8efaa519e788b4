// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.api.Finding;
import io.github.kvist.api.KvException;
import io.github.kvist.backend.EntryCursor;
import io.github.kvist.backend.Stored;
import io.github.kvist.backend.View;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compares records with index entries, in both directions, in one view. O(records and entries). */
final class IndexCheck<K, V> {

    private final View view;
    private final TableSpace<K, V> space;
    private final FindingList findings;

    /** Whether the user's code failed, and was reported. */
    private boolean failed;

    private IndexCheck(View view, TableSpace<K, V> space, List<Finding> findings) {
        this.view = view;
        this.space = space;
        this.findings = new FindingList(space.toString(), findings);
    }

    static <K, V> void check(View view, TableSpace<K, V> space, List<Finding> findings) {
        IndexCheck<K, V> check = new IndexCheck<>(view, space, findings);
        check.records();
        space.indexes().forEach(check::entries);
        check.findings.end();
    }

    private void records() {
        try (EntryCursor records = view.scan(space.records(), Bounds.ALL.from(), null, false)) {
            while (records.advance()) {
                byte[] key = records.key();
                V value = readable(key, records.array(), records.offset(), records.length());
                if (value != null) {
                    space.indexes().forEach(index -> record(index, key, value, records.deadline()));
                }
            }
        }
    }

    private @Nullable V readable(byte[] key, byte[] array, int offset, int length) {
        try {
            space.key(key);
            return space.value(array, offset, length);
        } catch (KvException.CodecFailure unreadable) {
            failed = true;
            findings.add(
                    space.toString(),
                    "The record " + FindingList.shown(key) + " cannot be decoded: " + unreadable.getMessage());
            return null;
        }
    }

    private void record(IndexSpace<V, ?> index, byte[] key, V value, long deadline) {
        List<byte[]> expected = expected(index, key, value);
        if (expected == null) {
            failed = true;
            findings.add(index.toString(), "The extractor fails for the record " + FindingList.shown(key) + ".");
            return;
        }
        for (byte[] entry : expected) {
            Stored present = view.get(index.keyspace(), entry);
            if (present == null) {
                findings.add(
                        index.toString(),
                        "The record " + FindingList.shown(key) + " lacks an entry. " + FindingList.REMEDY);
            } else if (present.deadline() != deadline) {
                findings.add(
                        index.toString(),
                        "An entry and its record " + FindingList.shown(key) + " have different deadlines. "
                                + FindingList.REMEDY);
            }
        }
    }

    private @Nullable List<byte[]> expected(IndexSpace<V, ?> index, byte[] key, V value) {
        try {
            return index.entries(value, key);
        } catch (KvException failed) {
            return null;
        }
    }

    private void entries(IndexSpace<V, ?> index) {
        byte @Nullable [] previous = null;
        try (EntryCursor entries = view.scan(index.keyspace(), Bounds.ALL.from(), null, false)) {
            while (entries.advance()) {
                byte[] entry = entries.key();
                if (!entry(index, entry)) {
                    continue;
                }
                if (previous != null
                        && index.isUnique()
                        && index.siblings(previous).contains(entry)) {
                    findings.add(
                            index.toString(),
                            "Two records have one key; the second is " + FindingList.shown(index.primaryKey(entry))
                                    + ". Delete one of them.");
                }
                previous = entry;
            }
        }
    }

    /** Checks one entry against its record; false if it has no index key at all. */
    private boolean entry(IndexSpace<V, ?> index, byte[] entry) {
        byte[] key;
        try {
            key = index.primaryKey(entry);
        } catch (KvException.Corrupt cut) {
            findings.add(
                    index.toString(), "An entry of " + entry.length + " bytes has no index key. " + FindingList.REMEDY);
            return false;
        }
        Stored stored = view.get(space.records(), key);
        if (stored == null) {
            findings.add(
                    index.toString(),
                    "An entry leads to the record " + FindingList.shown(key) + ", which is not there. "
                            + FindingList.REMEDY);
            return true;
        }
        if (!isExpected(index, entry, key, stored)) {
            findings.add(
                    index.toString(),
                    "An entry of the record " + FindingList.shown(key) + " is not what the extractor gives. "
                            + FindingList.REMEDY);
        }
        return true;
    }

    /** Records that cannot be read were reported as such, unless what reads them fails now and then. */
    private boolean isExpected(IndexSpace<V, ?> index, byte[] entry, byte[] key, Stored stored) {
        try {
            return index.entries(space.value(stored), key).stream().anyMatch(each -> Arrays.equals(each, entry));
        } catch (KvException unreadable) {
            if (!failed) {
                failed = true;
                findings.add(
                        index.toString(),
                        "An entry of the record " + FindingList.shown(key)
                                + " could not be compared with it: the codec or the extractor failed, which it had not done"
                                + " before. Check again.");
            }
            return true;
        }
    }
}
