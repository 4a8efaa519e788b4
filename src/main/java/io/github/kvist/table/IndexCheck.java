// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.api.Finding;
import io.github.kvist.api.KvException;
import io.github.kvist.backend.EntryCursor;
import io.github.kvist.backend.Stored;
import io.github.kvist.backend.View;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compares records with index entries, in both directions, in one view. O(records and entries). */
final class IndexCheck<K, V> {

    /** So many findings of one table are worth reading. */
    private static final int FINDINGS_MAX = 100;

    private static final int KEY_BYTES_SHOWN = 16;

    private final View view;
    private final TableSpace<K, V> space;
    private final List<Finding> findings;
    private int found;

    private IndexCheck(View view, TableSpace<K, V> space, List<Finding> findings) {
        this.view = view;
        this.space = space;
        this.findings = findings;
    }

    static <K, V> void check(View view, TableSpace<K, V> space, List<Finding> findings) {
        IndexCheck<K, V> check = new IndexCheck<>(view, space, findings);
        check.records();
        space.indexes().forEach(check::entries);
        if (check.found > FINDINGS_MAX) {
            findings.add(
                    new Finding(space.toString(), (check.found - FINDINGS_MAX) + " more findings are not listed."));
        }
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
            report(space.toString(), "The record " + shown(key) + " cannot be decoded: " + unreadable.getMessage());
            return null;
        }
    }

    private void record(IndexSpace<V, ?> index, byte[] key, V value, long deadline) {
        List<byte[]> expected = expected(index, key, value);
        if (expected == null) {
            report(index.toString(), "The extractor fails for the record " + shown(key) + ".");
            return;
        }
        for (byte[] entry : expected) {
            Stored present = view.get(index.keyspace(), entry);
            if (present == null) {
                report(index.toString(), "The record " + shown(key) + " lacks an entry. " + remedy());
            } else if (present.deadline() != deadline) {
                report(
                        index.toString(),
                        "An entry and its record " + shown(key) + " have different deadlines. " + remedy());
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
                    report(
                            index.toString(),
                            "Two records have one key; the second is " + shown(index.primaryKey(entry))
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
            report(index.toString(), "An entry of " + entry.length + " bytes has no index key. " + remedy());
            return false;
        }
        Stored stored = view.get(space.records(), key);
        if (stored == null) {
            report(
                    index.toString(),
                    "An entry leads to the record " + shown(key) + ", which is not there. " + remedy());
            return true;
        }
        if (!isExpected(index, entry, key, stored)) {
            report(
                    index.toString(),
                    "An entry of the record " + shown(key) + " is not what the extractor gives. " + remedy());
        }
        return true;
    }

    /** Records that cannot be read were reported as such. */
    private boolean isExpected(IndexSpace<V, ?> index, byte[] entry, byte[] key, Stored stored) {
        try {
            return index.entries(space.value(stored), key).stream().anyMatch(each -> Arrays.equals(each, entry));
        } catch (KvException unreadable) {
            return true;
        }
    }

    private static String remedy() {
        return "Raise the revision of the index (Index.revised) to rebuild it.";
    }

    private void report(String where, String what) {
        found++;
        if (found <= FINDINGS_MAX) {
            findings.add(new Finding(where, what));
        }
    }

    private static String shown(byte[] key) {
        int length = Math.min(key.length, KEY_BYTES_SHOWN);
        return "0x" + HexFormat.of().formatHex(key, 0, length) + (length < key.length ? "…" : "");
    }
}
