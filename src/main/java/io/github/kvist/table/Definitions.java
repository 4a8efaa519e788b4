// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.api.Index;
import io.github.kvist.api.Table;
import io.github.kvist.backend.Backend;
import io.github.kvist.backend.Branch;
import io.github.kvist.backend.EntryCursor;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Stored;
import io.github.kvist.backend.View;
import io.github.kvist.codec.LeadingKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The definitions of tables: those that this store was given, one for each name, and those that are stored with the data.
 *
 * <p>A table that nothing was ever written to has no stored definition, and no records. Safe for any number of threads.
 */
final class Definitions {

    private final Backend backend;
    private final Keyspace keyspace;
    private final Map<String, KnownTable> known = new ConcurrentHashMap<>();

    /** What the store was given that this one is a fork of; that one may still add to it. */
    private final Map<String, KnownTable> ofOrigin;

    /** Those of the origin's that were asked for here, with what is known of how they are stored here. */
    private final Map<String, KnownTable> inherited = new ConcurrentHashMap<>();

    /** Those of a store, or of a fork of one that has the definitions {@code ofOrigin} {@linkplain #forFork for it}. */
    Definitions(Backend backend, Map<String, KnownTable> ofOrigin) {
        this.backend = backend;
        this.ofOrigin = ofOrigin;
        this.keyspace = backend.keyspace(KeyspaceNames.DEFINITIONS);
    }

    /**
     * Makes {@code table} known.
     *
     * @throws IllegalStateException if another definition of that name is known, or its stored records have other codecs
     */
    KnownTable know(Table<?, ?> table) {
        Definition given = Definition.of(table);
        KnownTable present = known.get(table.name());
        if (present == null) {
            requireStoredCodecs(table, given);
            KnownTable fresh = new KnownTable(table, given);
            present = known.putIfAbsent(table.name(), fresh);
            if (present == null) {
                return fresh;
            }
        }
        if (!present.definition().equals(given)) {
            throw new IllegalStateException("Table " + table.name() + " is already known with "
                    + present.definition().differenceFrom(given)
                    + ". A store takes one definition for each name: use one constant.");
        }
        if (!present.table().expiry().equals(table.expiry())) {
            throw new IllegalStateException("Table " + table.name() + " is already known with the default expiry "
                    + present.table().expiry() + " and not " + table.expiry()
                    + ". A store takes one definition for each name: use one constant.");
        }
        return present;
    }

    /** The table that this store was given under a name, if it was. */
    @Nullable
    KnownTable known(String name) {
        return known.get(name);
    }

    /** For a fork: what this store was given. Holds on to nothing else of it. O(1), but for the fork of a fork O(tables). */
    Map<String, KnownTable> forFork() {
        if (ofOrigin.isEmpty()) {
            return known;
        }
        Map<String, KnownTable> all = new HashMap<>(ofOrigin);
        all.putAll(known);
        return all;
    }

    /** The table that gives changes their types: as this store was given it, or as its origin was if it is stored so here. */
    @Nullable
    Table<?, ?> typeOf(String name) {
        KnownTable given = known.get(name);
        KnownTable type = given == null ? inherited(name) : given;
        return type == null ? null : type.table();
    }

    private @Nullable KnownTable inherited(String name) {
        KnownTable there = ofOrigin.get(name);
        if (there == null) {
            return null;
        }
        KnownTable here = inherited.computeIfAbsent(name, unseen -> new KnownTable(there.table(), there.definition()));
        if (here.isExact()) {
            return here;
        }
        try (View view = backend.view()) {
            StoredDefinition stored = read(view, here);
            noteIfExact(here, stored, view);
            return stored != null && stored.definition().hasCodecsOf(here.definition()) ? here : null;
        }
    }

    /** Where in an entry of an index the key of its record begins; -1 if the program has not named the index. */
    int keyInEntry(String keyspace, byte[] entry) {
        KnownTable table = known(KeyspaceNames.tableOfIndex(keyspace));
        String name = KeyspaceNames.index(keyspace);
        if (table != null) {
            for (Index<?, ?> index : table.table().indexes()) {
                if (index.name().equals(name)) {
                    return new LeadingKey<>(index.codec()).end(entry, 0, entry.length);
                }
            }
        }
        return -1;
    }

    private void requireStoredCodecs(Table<?, ?> table, Definition given) {
        StoredDefinition stored;
        try (View view = backend.view()) {
            stored = read(view, new KnownTable(table, given));
        }
        if (stored == null) {
            return;
        }
        Definition there = stored.definition();
        if (!there.hasCodecsOf(given)) {
            throw new IllegalStateException("Table " + table.name() + " is stored with " + there.differenceFrom(given)
                    + ". Define it as it was; to change the codec, copy its records to a table of another name.");
        }
    }

    /** Whether all indexes of the table are complete in a view of a commit. */
    boolean isReadable(KnownTable table, View view) {
        if (table.definition().indexes().isEmpty() || table.isExactAt(view.revision())) {
            return true;
        }
        StoredDefinition stored = read(view, table);
        noteIfExact(table, stored, view);
        return stored == null
                || table.definition().indexesNotIn(stored.definition()).isEmpty();
    }

    /** Looks whether the newest commit holds the definition, so that later writes need not look. */
    void confirm(KnownTable table) {
        try (View view = backend.view()) {
            noteIfExact(table, read(view, table), view);
        }
    }

    private static void noteIfExact(KnownTable table, @Nullable StoredDefinition stored, View view) {
        if (stored != null && stored.definition().equals(table.definition())) {
            table.exactAt(view.revision());
        }
    }

    /** Builds the indexes that a branch does not have yet. */
    void makeReadable(Branch branch, TableSpace<?, ?> space) {
        KnownTable table = space.known();
        if (table.isExactAt(branch.revision())) {
            return;
        }
        StoredDefinition stored = read(branch, table);
        if (stored != null
                && !table.definition().indexesNotIn(stored.definition()).isEmpty()) {
            store(branch, space, stored);
        }
    }

    /** As {@link #makeReadable}, and drops indexes that are no longer defined, and stores the definition. */
    void makeWritable(Branch branch, TableSpace<?, ?> space) {
        KnownTable table = space.known();
        if (table.isExactAt(branch.revision())) {
            return;
        }
        StoredDefinition stored = read(branch, table);
        if (stored == null || !stored.definition().equals(table.definition())) {
            store(branch, space, stored);
        }
    }

    private void store(Branch branch, TableSpace<?, ?> space, @Nullable StoredDefinition stored) {
        KnownTable table = space.known();
        branch.guard(keyspace, table.key());
        if (stored != null) {
            for (IndexDefinition gone : stored.definition().indexesNotIn(table.definition())) {
                Keyspace entries = backend.keyspace(KeyspaceNames.index(table.name(), gone.name()));
                branch.deleteRange(entries, Bounds.ALL.from(), null);
            }
            IndexBuild.build(branch, space, table.definition().indexesNotIn(stored.definition()));
        }
        int number = stored == null ? 1 : stored.number() + 1;
        byte[] bytes = new StoredDefinition(number, table.definition()).toBytes();
        branch.put(keyspace, table.key(), bytes, Stored.NEVER);
    }

    private @Nullable StoredDefinition read(View view, KnownTable table) {
        Stored stored = view.get(keyspace, table.key());
        return stored == null ? null : StoredDefinition.of(table.name(), stored);
    }

    /** The definition that is stored for a table, which the store need not have been given. */
    @Nullable
    Definition stored(View view, String table) {
        Stored stored = view.get(keyspace, table.getBytes(StandardCharsets.UTF_8));
        return stored == null ? null : StoredDefinition.of(table, stored).definition();
    }

    /**
     * Lets a definition be stored by another way than a table of this store.
     *
     * @throws IllegalStateException if this store was given the table otherwise
     */
    void requireKnownAs(String table, @Nullable Definition stored) {
        KnownTable given = known.get(table);
        if (given != null && stored != null && !given.definition().equals(stored)) {
            throw new IllegalStateException("Table " + table + " comes with "
                    + stored.differenceFrom(given.definition())
                    + " as this store was given it; nothing was done. Use one constant for both.");
        }
    }

    /** The definition that a write to the table goes by: as the store was given it, else as it is stored. */
    @Nullable
    Definition inForce(String table) {
        KnownTable given = known.get(table);
        if (given != null) {
            return given.definition();
        }
        try (View view = backend.view()) {
            return stored(view, table);
        }
    }

    /** The names of all tables that have a stored definition, and so of all that ever had a record. */
    List<String> stored(View view) {
        List<String> names = new ArrayList<>();
        try (EntryCursor definitions = view.scan(keyspace, Bounds.ALL.from(), Bounds.ALL.to(), false)) {
            while (definitions.advance()) {
                names.add(new String(definitions.key(), StandardCharsets.UTF_8));
            }
        }
        return names;
    }

    /**
     * Gets ready for what is about to be restored.
     *
     * @throws IllegalStateException if a table that this store was given has other codecs there; nothing changed then
     */
    void replaceBy(View restored) {
        for (KnownTable table : known.values()) {
            Definition there = stored(restored, table.name());
            if (there != null && !there.hasCodecsOf(table.definition())) {
                throw new IllegalStateException(
                        "Table " + table.name() + " is in the image with "
                                + there.differenceFrom(table.definition())
                                + " as this store was given it; nothing was restored. Restore into a store that does not know the table.");
            }
        }
        known.values().forEach(table -> table.forgetBefore(restored.revision()));
        inherited.values().forEach(table -> table.forgetBefore(restored.revision()));
    }

    /** Where they are stored, each under the name of its table. */
    Keyspace keyspace() {
        return keyspace;
    }
}
