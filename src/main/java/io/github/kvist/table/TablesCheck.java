// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.api.Finding;
import io.github.kvist.backend.Backend;
import io.github.kvist.backend.Figures;
import io.github.kvist.backend.Measured;
import io.github.kvist.backend.View;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks every table of one view: by its extractors if the program has used it, by its stored definition if not. */
final class TablesCheck {

    private final Backend backend;
    private final Definitions definitions;
    private final View view;
    private final List<Finding> findings;
    private final List<Finding> unchecked;

    TablesCheck(Backend backend, Definitions definitions, View view, List<Finding> findings, List<Finding> unchecked) {
        this.backend = backend;
        this.definitions = definitions;
        this.view = view;
        this.findings = findings;
        this.unchecked = unchecked;
    }

    void check(Collection<TableSpace<?, ?>> used) {
        Map<String, TableSpace<?, ?>> named = new HashMap<>();
        used.forEach(space -> named.put(space.name(), space));
        UnnamedCheck unnamed = new UnnamedCheck(backend, view, findings, unchecked);
        Set<String> known = new HashSet<>();
        for (String table : definitions.stored(view)) {
            known.add(KeyspaceNames.records(table));
            Definition stored = UnnamedCheck.readable(definitions, view, table, findings);
            if (stored == null) {
                known.addAll(indexesOf(table));
                continue;
            }
            stored.indexes().forEach(index -> known.add(KeyspaceNames.index(table, index.name())));
            TableSpace<?, ?> space = named.get(table);
            if (space != null && definitions.isReadable(space.known(), view)) {
                IndexCheck.check(view, space, findings);
            } else {
                unnamed.check(table, stored);
            }
        }
        strays(known);
    }

    private List<String> indexesOf(String table) {
        return keyspaces().stream()
                .map(Figures.Size::name)
                .filter(name -> name.startsWith(KeyspaceNames.INDEXES)
                        && KeyspaceNames.tableOfIndex(name).equals(table))
                .toList();
    }

    /** Entries that belong to no definition; what other programs keep beside the tables is not ours to judge. */
    private void strays(Set<String> known) {
        for (Figures.Size keyspace : keyspaces()) {
            String name = keyspace.name();
            boolean isOurs = KeyspaceNames.isRecords(name) || name.startsWith(KeyspaceNames.INDEXES);
            if (isOurs && !known.contains(name) && isInView(name)) {
                findings.add(
                        new Finding(
                                "keyspace " + name,
                                "It holds entries, but no stored definition has it. Restore a backup, or define the table as it was and write to it."));
            }
        }
    }

    private boolean isInView(String name) {
        return view.count(backend.keyspace(name), Bounds.ALL.from(), Bounds.ALL.to()) > 0;
    }

    private List<Figures.Size> keyspaces() {
        return backend instanceof Measured measured ? measured.figures().keyspaces() : List.of();
    }
}
