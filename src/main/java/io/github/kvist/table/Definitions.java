// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.api.Index;
import io.github.kvist.api.KvException;
import io.github.kvist.api.Table;
import io.github.kvist.backend.Backend;
import io.github.kvist.backend.Branch;
import io.github.kvist.backend.EntryCursor;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Stored;
import io.github.kvist.backend.View;
import io.github.kvist.codec.LeadingKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The definitions of tables: those that this store was given, one for each name, and those that are stored with the data.
 *
 * <p>A table that nothing was ever written to has no stored definition, and no records. Safe for any number of threads.
 */
final class Definitions {

    /** For so long a shared system is trusted not to have changed a definition under those who only read. */
    private static final long SEEN_NANOS = Duration.ofSeconds(1).toNanos();

    private final Backend backend;
    private final Keyspace keyspace;
    private final boolean isShared;
    private final IndexBuilds builds;
    private final Map<String, KnownTable> known = new ConcurrentHashMap<>();

    /** What the store was given that this one is a fork of; that one may still add to it. */
    private final Map<String, KnownTable> ofOrigin;

    /** Those of the origin's that were asked for here, with what is known of how they are stored here. */
    private final Map<String, KnownTable> inherited = new ConcurrentHashMap<>();

    private final Fence fence;

    /** Those of a store, or of a fork of one that has the definitions {@code ofOrigin} {@linkplain #forFork for it}. */
    Definitions(Backend backend, Map<String, KnownTable> ofOrigin, Fence fence) {
        this.backend = backend;
        this.fence = fence;
        this.ofOrigin = ofOrigin;
        this.keyspace = backend.keyspace(KeyspaceNames.DEFINITIONS);
        this.isShared = backend.isShared();
        this.builds = new IndexBuilds(backend);
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
            look(here, view);
            StoredDefinition stored = read(view, here);
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
        if (stored != null) {
            requireCodecs(table.name(), given, stored.definition());
        }
    }

    static void requireCodecs(String table, Definition given, Definition stored) {
        if (!stored.hasCodecsOf(given)) {
            throw new IllegalStateException("Table " + table + " is stored with " + stored.differenceFrom(given)
                    + ". Define it as it was; to change the codec, copy its records to a table of another name.");
        }
    }

    /** Whether all indexes of the table are complete in a view of a commit. */
    boolean isReadable(KnownTable table, View view) {
        return table.definition().indexes().isEmpty() || isKnownToBeExact(table, view) || look(table, view);
    }

    private boolean isKnownToBeExact(KnownTable table, View view) {
        DefinitionVersion exact = table.exact();
        return exact != null
                && view.revision() >= exact.since()
                && (!isShared || System.nanoTime() - exact.seenNanos() < SEEN_NANOS);
    }

    /** Looks whether a view holds the definition, so that later writes need not look; whether its indexes are complete there. */
    boolean look(KnownTable table, View view) {
        Stored entry = view.get(keyspace, table.key());
        if (entry == null) {
            return true;
        }
        StoredDefinition numbered = StoredDefinition.of(table.name(), entry);
        Definition stored = numbered.definition();
        if (isShared && !builds.of(view, table.name()).isEmpty()) {
            return false;
        }
        if (stored.equals(table.definition()) && !numbered.isFenced()) {
            // Before its first definition a table had no records, and so its indexes were complete.
            table.exactAt(isShared && numbered.number() == 1 ? 0 : view.revision(), entry.version());
        }
        return table.definition().indexesNotIn(stored).isEmpty();
    }

    /**
     * Looks whether the newest commit holds the definition, so that later writes need not look. Called by writes that have been
     * committed, and so never fails.
     */
    void confirm(KnownTable table) {
        try (View view = backend.view()) {
            look(table, view);
        } catch (KvException notNow) {
            // The next write looks itself, and tells what is wrong if it still is.
        }
    }

    /** Builds the indexes that a branch does not have yet. */
    void makeReadable(Branch branch, TableSpace<?, ?> space) {
        KnownTable table = space.known();
        if (table.isExactAt(branch.revision())) {
            return;
        }
        StoredDefinition stored = read(branch, table);
        if (stored == null) {
            return;
        }
        if (isShared) {
            completeAside(branch, space, stored);
        } else if (!table.definition().indexesNotIn(stored.definition()).isEmpty()) {
            store(branch, space, stored);
        }
    }

    /** In a branch that is never committed, of a view in which indexes are missing or half built. */
    private void completeAside(Branch branch, TableSpace<?, ?> space, StoredDefinition stored) {
        Set<IndexDefinition> missing =
                new LinkedHashSet<>(space.known().definition().indexesNotIn(stored.definition()));
        for (String name : builds.of(branch, space.name())) {
            IndexDefinition half = space.known().definition().index(name);
            if (half != null) {
                missing.add(half);
            }
        }
        for (IndexDefinition index : missing) {
            branch.deleteRange(
                    backend.keyspace(KeyspaceNames.index(space.name(), index.name())), Bounds.ALL.from(), null);
        }
        IndexBuild.build(branch, space, List.copyOf(missing));
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
        put(branch, table, stored == null ? 1 : stored.number() + 1);
    }

    /** Stores the definition of a table under the next number. */
    void put(Branch branch, KnownTable table, int number) {
        put(branch, table.name(), new StoredDefinition(number, table.definition()));
    }

    void put(Branch branch, String table, StoredDefinition definition) {
        if (isShared) {
            fence.requireDown(branch);
        }
        branch.put(keyspace, table.getBytes(StandardCharsets.UTF_8), definition.toBytes(), Stored.NEVER);
    }

    @Nullable
    StoredDefinition read(View view, KnownTable table) {
        return storedDefinition(view, table.name());
    }

    /** The definition that is stored for a table, which the store need not have been given. */
    @Nullable
    Definition stored(View view, String table) {
        StoredDefinition stored = storedDefinition(view, table);
        return stored == null ? null : stored.definition();
    }

    @Nullable
    StoredDefinition storedDefinition(View view, String table) {
        Stored stored = view.get(keyspace, table.getBytes(StandardCharsets.UTF_8));
        return stored == null ? null : StoredDefinition.of(table, stored);
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

    /** Those that are built in batches, on a shared system. */
    IndexBuilds builds() {
        return builds;
    }

    /** Takes indexes out of the stored definition of a table. */
    void drop(Branch branch, String table, Collection<String> indexes) {
        StoredDefinition stored = storedDefinition(branch, table);
        if (stored != null
                && indexes.stream().anyMatch(index -> stored.definition().index(index) != null)) {
            put(
                    branch,
                    table,
                    new StoredDefinition(
                            stored.number() + 1, stored.definition().without(indexes)));
        }
    }

    /** What refuses writes if the data have moved. */
    Fence fence() {
        return fence;
    }

    /** Where they are stored, each under the name of its table. */
    Keyspace keyspace() {
        return keyspace;
    }
}
