// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

/** Names of keyspaces: one for each table, one for each index, one for the store's own notes. No two collide. */
final class KeyspaceNames {

    /** Holds the definition of each table under its name. */
    static final String DEFINITIONS = "s/definitions";

    /** The beginning of the names of all that hold records. */
    static final String RECORDS = "t/";

    private KeyspaceNames() {}

    static String records(String table) {
        return RECORDS + escaped(table);
    }

    static boolean isRecords(String keyspace) {
        return keyspace.startsWith(RECORDS);
    }

    /** The table whose records a keyspace holds. */
    static String table(String records) {
        return records.substring(RECORDS.length()).replace("%2F", "/").replace("%25", "%");
    }

    static String index(String table, String index) {
        return "i/" + escaped(table) + "/" + escaped(index);
    }

    private static String escaped(String name) {
        return name.replace("%", "%25").replace("/", "%2F");
    }
}
