// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import io.github.kvist.api.KvStore;
import io.github.kvist.table.StoredTable;
import io.github.kvist.table.TableStore;
import java.util.List;
import java.util.stream.Collectors;

/** A store that was opened without knowing its tables. */
record OpenStore(KvStore store, List<StoredTable> tables) implements AutoCloseable {
    private static final int NAMES_SHOWN = 20;

    static OpenStore of(KvStore store) {
        try {
            return new OpenStore(store, ((TableStore) store).tables());
        } catch (RuntimeException | Error failed) {
            store.close();
            throw failed;
        }
    }

    /** @throws CommandFailure if there is none of that name */
    RawTable table(String name) {
        for (StoredTable table : tables) {
            if (table.name().equals(name)) {
                return RawTable.of(table);
            }
        }
        throw CommandFailure.failed("the store has no table " + Printable.of(name) + ". " + known());
    }

    private String known() {
        if (tables.isEmpty()) {
            return "It has none at all.";
        }
        String names = tables.stream()
                .limit(NAMES_SHOWN)
                .map(StoredTable::name)
                .map(Printable::of)
                .collect(Collectors.joining(", "));
        return "It has " + names + (tables.size() > NAMES_SHOWN ? ", ..." : "") + ".";
    }

    /** @throws CommandFailure if a write to the table would leave its indexes behind */
    void requireNoIndexes(RawTable table) {
        String indexes = table.stored().indexes().stream()
                .map(StoredTable.StoredIndex::name)
                .map(Printable::of)
                .collect(Collectors.joining(", "));
        if (!indexes.isEmpty()) {
            throw CommandFailure.failed("table " + Printable.of(table.name()) + " has indexes (" + indexes
                    + "), and only the program that defines them knows their keys. Write through that program; "
                    + "nothing was changed.");
        }
    }

    @Override
    public void close() {
        store.close();
    }
}
