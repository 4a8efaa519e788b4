// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.api.Index;
import java.util.List;

/**
 * What a store itself knows of a table, whatever program defined it.
 *
 * @param keys the id of the codec of its keys
 * @param values the id of the codec of its values
 * @param indexes those that are stored, by name
 */
public record StoredTable(String name, String keys, String values, List<StoredIndex> indexes) {

    public StoredTable {
        indexes = List.copyOf(indexes);
    }

    /**
     * What a store knows of an index: all but how its keys are found in a value.
     *
     * @param keys the id of the codec of its keys
     */
    public record StoredIndex(String name, Index.Kind kind, String keys, int revision) {}

    static StoredTable of(String name, Definition definition) {
        return new StoredTable(
                name,
                definition.keys(),
                definition.values(),
                definition.indexes().stream()
                        .map(index -> new StoredIndex(index.name(), index.kind(), index.codec(), index.revision()))
                        .toList());
    }
}
