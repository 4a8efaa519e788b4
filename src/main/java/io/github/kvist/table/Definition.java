// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.api.Index;
import io.github.kvist.api.Table;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a store remembers of a table: the formats of its keys and values, and its indexes by name. Two tables whose
 * definitions are equal are the same table, whatever objects they are made of.
 */
record Definition(String keys, String values, List<IndexDefinition> indexes) {

    private static final int ID_MAX = 200;

    Definition {
        List<IndexDefinition> sorted = new ArrayList<>(indexes);
        sorted.sort(Comparator.comparing(IndexDefinition::name));
        indexes = List.copyOf(sorted);
    }

    /**
     * The definition of {@code table}.
     *
     * @throws IllegalArgumentException if the id of a codec is empty or too long
     */
    static Definition of(Table<?, ?> table) {
        List<IndexDefinition> indexes = new ArrayList<>();
        for (Index<?, ?> index : table.indexes()) {
            indexes.add(IndexDefinition.of(index));
        }
        return new Definition(
                checkedId(table.keys().id()), checkedId(table.values().id()), indexes);
    }

    static String checkedId(String id) {
        if (id.isEmpty() || id.length() > ID_MAX) {
            throw new IllegalArgumentException("The id of a codec has 1 to " + ID_MAX + " characters, not "
                    + id.length() + ". Choose a shorter one.");
        }
        return id;
    }

    /** The index of a name; {@code null} if there is none. */
    @Nullable
    IndexDefinition index(String name) {
        return indexes.stream()
                .filter(index -> index.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    Definition without(Collection<String> names) {
        return new Definition(
                keys,
                values,
                indexes.stream().filter(index -> !names.contains(index.name())).toList());
    }

    boolean hasCodecsOf(Definition other) {
        return keys.equals(other.keys) && values.equals(other.values);
    }

    /** Indexes of this definition that {@code other} does not have as they are here. */
    List<IndexDefinition> indexesNotIn(@Nullable Definition other) {
        return other == null
                ? indexes
                : indexes.stream()
                        .filter(index -> !other.indexes.contains(index))
                        .toList();
    }

    /** The name and the codec of the first index, or the ids, in which the two differ; for messages. */
    String differenceFrom(Definition other) {
        if (!keys.equals(other.keys)) {
            return "keys by the codec " + keys + " and not " + other.keys;
        }
        if (!values.equals(other.values)) {
            return "values by the codec " + values + " and not " + other.values;
        }
        return "the indexes " + indexes + " and not " + other.indexes;
    }
}
