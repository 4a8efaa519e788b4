// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend;

/** For backends whose records others can read too, with the system's own means, once it knows what the bytes of a table are. */
public interface Describing {

    /**
     * Tells the formats of a table whose definition is stored; may be told again at any time. Whatever stands in the way is logged,
     * and the store goes on without.
     *
     * @param records where the table has its records
     * @param keys the id of the codec of its keys
     * @param values that of its values
     */
    void describe(String table, Keyspace records, String keys, String values);
}
