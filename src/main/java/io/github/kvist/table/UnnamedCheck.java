// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.api.Finding;
import io.github.kvist.api.KvException;
import io.github.kvist.backend.Backend;
import io.github.kvist.backend.EntryCursor;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Stored;
import io.github.kvist.backend.View;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks what can be checked of a table whose codecs and extractors the program does not have: that each entry of an index leads
 * to a record, and has its deadline. O(entries of the indexes).
 *
 * <p>An entry is an index key with a primary key behind it. Where the one ends only its codec knows, so every end of the entry is
 * taken for a primary key: an entry passes if any of them is the key of a record with its deadline.
 */
final class UnnamedCheck {

    private final Backend backend;
    private final View view;
    private final List<Finding> findings;
    private final List<Finding> unchecked;

    UnnamedCheck(Backend backend, View view, List<Finding> findings, List<Finding> unchecked) {
        this.backend = backend;
        this.view = view;
        this.findings = findings;
        this.unchecked = unchecked;
    }

    void check(String table, Definition definition) {
        Keyspace records = backend.keyspace(KeyspaceNames.records(table));
        for (IndexDefinition index : definition.indexes()) {
            entries(table, index.name(), records);
        }
        String lacking = definition.indexes().isEmpty()
                ? "."
                : ", that each record has its entries, and that they are what the extractors give.";
        unchecked.add(new Finding(
                table,
                "The program has not used this table, so it was not checked that its records can be decoded"
                        + lacking));
    }

    private void entries(String table, String index, Keyspace records) {
        FindingList found = new FindingList("table " + table + ", index " + index, findings);
        Keyspace keyspace = backend.keyspace(KeyspaceNames.index(table, index));
        try (EntryCursor entries = view.scan(keyspace, Bounds.ALL.from(), Bounds.ALL.to(), false)) {
            while (entries.advance()) {
                entry(entries.key(), entries.deadline(), records, found);
            }
        }
        found.end();
    }

    private void entry(byte[] entry, long deadline, Keyspace records, FindingList found) {
        boolean hasRecord = false;
        for (int from = 0; from <= entry.length; from++) {
            Stored record = view.get(records, Arrays.copyOfRange(entry, from, entry.length));
            if (record != null && record.deadline() == deadline) {
                return;
            }
            hasRecord |= record != null;
        }
        String shown = "The entry " + FindingList.shown(entry);
        found.add(
                hasRecord
                        ? shown + " and its record have different deadlines. " + FindingList.REMEDY
                        : shown + " leads to a record that is not there. " + FindingList.REMEDY);
    }

    /** The definition of a table; {@code null} if it cannot be read, which is a finding. */
    static @Nullable Definition readable(Definitions definitions, View view, String table, List<Finding> findings) {
        try {
            return definitions.stored(view, table);
        } catch (KvException.Corrupt | KvException.UnsupportedFormat unreadable) {
            findings.add(new Finding("table " + table, String.valueOf(unreadable.getMessage())));
            return null;
        }
    }
}
