// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.api.KvException;
import io.github.kvist.api.TransactionOptions;
import io.github.kvist.backend.Branch;
import io.github.kvist.backend.Branching;
import io.github.kvist.backend.Describing;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Definitions on a system that other processes write to. Each commit relies on the definition by its version, so that a process
 * with another one is refused from the moment on at which it changes; and an index is built in batches, beside the writers that
 * know it already, and answers when it is complete. Whoever needs an index that is being built goes on with it: a process that
 * died in between leaves nothing undone. Safe for any number of threads.
 */
final class SharedDefinitions {

    private final Branching branching;
    private final Definitions definitions;
    private final TransactionOptions options;
    private final @Nullable Describing describing;

    /**
     * Those of one store.
     *
     * @param describing is told the formats of tables that are written to, if there is one
     */
    SharedDefinitions(
            Branching branching, Definitions definitions, TransactionOptions options, @Nullable Describing describing) {
        this.branching = branching;
        this.definitions = definitions;
        this.options = options;
        this.describing = describing;
    }

    /**
     * Returns when the stored definition is the table's and its indexes are complete, or, for a reader, if there is none. May take
     * as long as reading the whole table.
     *
     * @throws IllegalStateException if the table is stored by a newer definition
     * @throws KvException.UniqueViolation if records break a unique index that is being built; the definition is without it then
     * @throws KvException.Unsupported if something is to be written, and the data have moved
     */
    void prepare(TableSpace<?, ?> space, boolean isWriting) {
        try {
            while (!branching.<Boolean>commit(options, branch -> step(branch, space, isWriting))) {
                // The next batch.
            }
        } catch (KvException.UniqueViolation broken) {
            branching.<@Nullable Object>commit(options, branch -> {
                drop(branch, space.name(), definitions.builds().of(branch, space.name()));
                return null;
            });
            throw broken;
        }
        if (isWriting && describing != null) {
            Definition definition = space.known().definition();
            describing.describe(space.name(), space.records(), definition.keys(), definition.values());
        }
    }

    /** Entries that they leave go when an index of that name is built anew. */
    private void drop(Branch branch, String table, List<String> indexes) {
        definitions.drop(branch, table, indexes);
        indexes.forEach(index -> definitions.builds().end(branch, table, index));
    }

    /** As {@link io.github.kvist.api.Admin#dropIndex}; the entries go in batches. */
    void drop(String table, String index) {
        branching.<@Nullable Object>commit(options, branch -> {
            drop(branch, table, List.of(index));
            return null;
        });
        while (IndexBuilds.isWholeBatch(branching.<Long>commit(options, branch -> clear(branch, table, index)))) {
            // The next batch.
        }
    }

    private long clear(Branch branch, String table, String index) {
        StoredDefinition stored = definitions.storedDefinition(branch, table);
        boolean isThereAgain = stored != null && stored.definition().index(index) != null;
        return isThereAgain ? 0 : definitions.builds().clear(branch, table, index);
    }

    private boolean step(Branch branch, TableSpace<?, ?> space, boolean isWriting) {
        KnownTable table = space.known();
        table.forget();
        StoredDefinition stored = definitions.read(branch, table);
        if (stored == null) {
            if (isWriting) {
                definitions.put(branch, table, 1);
            }
            return !isWriting; // its version is known once it was read
        }
        Definitions.requireCodecs(table.name(), table.definition(), stored.definition());
        requireNotOlder(table, stored.definition());
        List<IndexDefinition> missing = table.definition().indexesNotIn(stored.definition());
        if (stored.isFenced()) {
            if (isWriting || !missing.isEmpty()) {
                throw definitions.fence().found();
            }
            return true;
        }
        if (!missing.isEmpty()) {
            definitions.put(branch, table, stored.number() + 1);
            missing.forEach(index -> definitions.builds().begin(branch, table.name(), index.name()));
            return false;
        }
        if (definitions.builds().advance(branch, space)) {
            return false;
        }
        return definitions.look(table, branch);
    }

    private static void requireNotOlder(KnownTable table, Definition stored) {
        Definition given = table.definition();
        for (IndexDefinition there : stored.indexes()) {
            IndexDefinition here = given.index(there.name());
            if (here == null || here.revision() < there.revision()) {
                throw new IllegalStateException("Table " + table.name() + " is stored with the index " + there
                        + (here == null ? "" : " and not " + here)
                        + ", so a newer program than this one uses it. Define the table as that program does; an index that"
                        + " nobody needs any more is dropped by Admin.dropIndex.");
            }
        }
    }

    /**
     * Lets a transaction rely on the definition of a table.
     *
     * @param isRerun whether it was in vain before, perhaps because the definition has changed
     * @throws KvException.Conflict if the transaction began before the definition was stored
     */
    void rely(Branch branch, TableSpace<?, ?> space, boolean isWriting, boolean isRerun) {
        KnownTable table = space.known();
        if (isRerun || !table.isExact()) {
            prepare(space, isWriting);
        }
        @Nullable DefinitionVersion version = table.exact();
        if (version == null) {
            branch.guard(definitions.keyspace(), table.key()); // none: nothing was ever put into the table
            return;
        }
        branch.require(version.condition(definitions.keyspace(), table.key()));
        if (space.isIndexed() && branch.revision() < version.since()) {
            throw new KvException.Conflict("Table " + table.name()
                    + " got an index after this transaction began; nothing was written. Run the transaction again.");
        }
    }
}
