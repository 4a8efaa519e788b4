// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

/** Names of keyspaces: one for each table, one for each index, one for the store's own notes. No two collide. */
final class KeyspaceNames {

    /** Holds the definition of each table under its name. */
    static final String DEFINITIONS = "s/definitions";

    /** Holds how far each index has come that is being built in batches. */
    static final String INDEX_BUILDS = "s/index-builds";

    /** Holds what migrations note down about the store itself. */
    static final String MIGRATION = "s/migration";

    /** The beginning of the names of all that hold records. */
    static final String RECORDS = "t/";

    /** The beginning of the names of all that hold entries of indexes. */
    static final String INDEXES = "i/";

    private KeyspaceNames() {}

    static String records(String table) {
        return RECORDS + escaped(table);
    }

    static boolean isRecords(String keyspace) {
        return keyspace.startsWith(RECORDS);
    }

    /** The table whose records a keyspace holds. */
    static String table(String records) {
        return unescaped(records.substring(RECORDS.length()));
    }

    /** The table of whose index a keyspace holds the entries; empty, as no table is named, if somebody else made up the name. */
    static String tableOfIndex(String index) {
        return unescaped(index.substring(INDEXES.length(), Math.max(INDEXES.length(), index.lastIndexOf('/'))));
    }

    /** The index whose entries a keyspace holds. */
    static String index(String index) {
        return unescaped(index.substring(index.lastIndexOf('/') + 1));
    }

    static String index(String table, String index) {
        return INDEXES + escaped(table) + "/" + escaped(index);
    }

    private static String unescaped(String name) {
        return name.replace("%2F", "/").replace("%25", "%");
    }

    private static String escaped(String name) {
        return name.replace("%", "%25").replace("/", "%2F");
    }
}
