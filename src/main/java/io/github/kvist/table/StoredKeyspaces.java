// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.backend.Backend;
import io.github.kvist.backend.EntryCursor;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.View;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The keyspaces in which a backend holds the tables of a store, for those who copy all of them as they lie. */
public final class StoredKeyspaces {

    /** Holds the definition of each table under its name. */
    public static final String DEFINITIONS = KeyspaceNames.DEFINITIONS;

    /** Holds what migrations note down about the store itself; not to be copied. */
    public static final String MIGRATION = KeyspaceNames.MIGRATION;

    private StoredKeyspaces() {}

    /** The records of each table that is stored, then the entries of its indexes; at last what is known of the tables. */
    public static List<String> in(Backend backend, View view) {
        List<String> names = new ArrayList<>();
        Keyspace definitions = backend.keyspace(DEFINITIONS);
        try (EntryCursor stored = view.scan(definitions, Bounds.ALL.from(), Bounds.ALL.to(), false)) {
            while (stored.advance()) {
                String table = new String(stored.key(), StandardCharsets.UTF_8);
                names.add(KeyspaceNames.records(table));
                StoredDefinition.of(table, stored.array(), stored.offset(), stored.length())
                        .definition()
                        .indexes()
                        .forEach(index -> names.add(KeyspaceNames.index(table, index.name())));
            }
        }
        names.add(KeyspaceNames.INDEX_BUILDS);
        names.add(DEFINITIONS);
        return names;
    }

    /** Whether a table is stored. */
    public static boolean holdsTables(Backend backend, View view) {
        return view.count(backend.keyspace(DEFINITIONS), Bounds.ALL.from(), Bounds.ALL.to()) > 0;
    }

    /** What a keyspace is to a reader of messages. */
    public static String described(String keyspace) {
        if (KeyspaceNames.isRecords(keyspace)) {
            return "table " + KeyspaceNames.table(keyspace);
        }
        if (keyspace.equals(DEFINITIONS)) {
            return "the definitions of tables";
        }
        return keyspace.startsWith(KeyspaceNames.INDEXES)
                ? "index " + KeyspaceNames.index(keyspace) + " of table " + KeyspaceNames.tableOfIndex(keyspace)
                : "the store's own notes";
    }
}
