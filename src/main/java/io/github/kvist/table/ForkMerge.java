// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.backend.Branch;
import io.github.kvist.backend.Diffing;
import io.github.kvist.backend.Forking;
import io.github.kvist.backend.KeyChange;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Stored;
import io.github.kvist.backend.View;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The three-way merge of a fork: what differs between its base and its present state is done here, if here nothing stands in
 * the way.
 *
 * <p>Records decide and index entries follow. An index is whole only if every change of a record was made under a definition
 * that has it; so where one side changed a definition, the other must have left the records of that table alone.
 */
final class ForkMerge implements Forking.MergeWork {

    private final Forking forking;
    private final Diffing diffing;
    private final Definitions definitions;

    ForkMerge(Forking forking, Diffing diffing, Definitions definitions) {
        this.forking = forking;
        this.diffing = diffing;
        this.definitions = definitions;
    }

    @Override
    public void merge(Branch branch, View here, View base, View changed) {
        new Run(branch, here, base, changed).run();
    }

    /** One attempt. */
    private final class Run {
        private final Branch branch;
        private final View here;
        private final View base;
        private final View changed;
        private final MergeConflicts conflicts = new MergeConflicts(definitions);
        private final Map<String, MergedTable> tables = new TreeMap<>();

        Run(Branch branch, View here, View base, View changed) {
            this.branch = branch;
            this.here = here;
            this.base = base;
            this.changed = changed;
        }

        void run() {
            changesIn(KeyspaceNames.RECORDS, this::record);
            conflicts.throwIfAny();
            List<KeyChange> unique = new ArrayList<>();
            changesIn(KeyspaceNames.INDEXES, change -> {
                MergedTable table =
                        tables.get(KeyspaceNames.tableOfIndex(change.keyspace().name()));
                // Without changed records somebody only built an index, which can be done here, too.
                if (table != null) {
                    apply(change);
                    if (change.after() != null
                            && table.isUnique(
                                    KeyspaceNames.index(change.keyspace().name()))) {
                        unique.add(change);
                    }
                }
            });
            unique.forEach(this::requireUnique);
            conflicts.throwIfAny();
        }

        private void changesIn(String keyspaces, Consumer<KeyChange> each) {
            for (Iterator<KeyChange> changes = diffing.diff(base, changed, keyspaces); changes.hasNext(); ) {
                KeyChange change = changes.next();
                // What time took there it takes here, unless here it was given more.
                if (!change.expired() || alive(change.before()) != null) {
                    each.accept(change);
                }
            }
        }

        private void record(KeyChange change) {
            MergedTable table = table(change.keyspace());
            table.keys.add(change.key());
            Stored present = branch.get(change.keyspace(), change.key());
            if (table.isRedefinedHere() || !isSame(present, alive(change.before()))) {
                conflicts.add(table.name, change.key());
                return;
            }
            apply(change);
        }

        private MergedTable table(Keyspace records) {
            String name = KeyspaceNames.table(records.name());
            MergedTable known = tables.get(name);
            if (known != null) {
                return known;
            }
            MergedTable table = new MergedTable(
                    name,
                    definitions.stored(here, name),
                    definitions.stored(base, name),
                    definitions.stored(changed, name));
            tables.put(name, table);
            byte[] key = name.getBytes(StandardCharsets.UTF_8);
            branch.guard(definitions.keyspace(), key);
            if (table.bringsDefinition()) {
                definitions.requireKnownAs(name, table.changed);
                forking.copy(
                        branch,
                        definitions.keyspace(),
                        key,
                        Objects.requireNonNull(changed.get(definitions.keyspace(), key)));
            }
            if (table.isRedefinedByFork() && table.base != null) {
                requireUntouched(name, records);
            }
            return table;
        }

        private void requireUntouched(String table, Keyspace records) {
            branch.guardRange(records, Bounds.ALL.from(), Bounds.ALL.to());
            for (Iterator<KeyChange> others = diffing.diff(base, here, records.name()); others.hasNext(); ) {
                KeyChange other = others.next();
                if (other.keyspace() == records) {
                    conflicts.add(table, other.key());
                }
            }
        }

        /** Unless time has taken it meanwhile, here as in the fork. */
        private @Nullable Stored alive(@Nullable Stored entry) {
            return entry == null || entry.deadline() <= branch.instant() ? null : entry;
        }

        /** Versions are never given out twice, so the same version is the same value. */
        private static boolean isSame(@Nullable Stored a, @Nullable Stored b) {
            if (a == null || b == null) {
                return a == null && b == null;
            }
            return a.version() == b.version() && a.deadline() == b.deadline();
        }

        private void apply(KeyChange change) {
            Stored after = change.after();
            if (after == null) {
                branch.delete(change.keyspace(), change.key());
            } else {
                forking.copy(branch, change.keyspace(), change.key(), after);
            }
        }

        /**
         * An entry is the index key and then the key of its record. Where the one ends the codec says, if the program has named
         * the table; if not, every end that is the key of a record that the fork changed is taken for it.
         */
        private void requireUnique(KeyChange entry) {
            MergedTable table = Objects.requireNonNull(
                    tables.get(KeyspaceNames.tableOfIndex(entry.keyspace().name())));
            int keyAt = definitions.keyInEntry(entry.keyspace().name(), entry.key());
            for (byte[] key : table.keys.endsOf(entry.key())) {
                if (keyAt >= 0 && keyAt != entry.key().length - key.length) {
                    continue;
                }
                Bounds siblings = Bounds.startingWith(Arrays.copyOf(entry.key(), entry.key().length - key.length));
                branch.guardRange(entry.keyspace(), siblings.from(), siblings.to());
                if (branch.count(entry.keyspace(), siblings.from(), siblings.to()) > 1) {
                    conflicts.add(table.name, key);
                }
            }
        }
    }
}
