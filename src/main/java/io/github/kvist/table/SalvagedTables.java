// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.api.Finding;
import io.github.kvist.api.KvException;
import io.github.kvist.api.TransactionOptions;
import io.github.kvist.backend.Backend;
import io.github.kvist.backend.Branch;
import io.github.kvist.backend.Branching;
import io.github.kvist.backend.EntryCursor;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Stored;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes a store of records that were saved one by one fit to be used: no index and no definition promises more than there is.
 *
 * <p>All entries of indexes go, and their definitions, so that programs build them again. Records whose definition is lost move to a table of
 * bytes with another name: under their own, the next program that names the table would take it for a new one.
 */
public final class SalvagedTables {
    private static final String SUFFIX = " (salvaged)";
    private static final String NOTES = "s/";

    private final Backend backend;
    private final Branch branch;
    private final List<Finding> findings = new ArrayList<>();

    private SalvagedTables(Backend backend, Branch branch) {
        this.backend = backend;
        this.branch = branch;
    }

    /**
     * Does it in one commit.
     *
     * @param backend one that can branch
     * @param keyspaces the names of all that it holds
     * @return what became of records whose definition is lost
     */
    public static List<Finding> settle(Backend backend, Collection<String> keyspaces) {
        List<Finding> findings = ((Branching) backend)
                .<@Nullable List<Finding>>commit(
                        TransactionOptions.defaults(), branch -> new SalvagedTables(backend, branch).settle(keyspaces));
        return findings == null ? List.of() : findings;
    }

    private List<Finding> settle(Collection<String> keyspaces) {
        for (String name : keyspaces) {
            if (name.startsWith(KeyspaceNames.INDEXES)) {
                branch.deleteRange(backend.keyspace(name), Bounds.ALL.from(), null);
            } else if (KeyspaceNames.isRecords(name)) {
                settleTable(name);
            } else if (!name.startsWith(NOTES)) {
                move(name, name + SUFFIX);
            }
        }
        return findings;
    }

    private void settleTable(String keyspace) {
        String table = KeyspaceNames.table(keyspace);
        Keyspace definitions = backend.keyspace(KeyspaceNames.DEFINITIONS);
        byte[] key = table.getBytes(StandardCharsets.UTF_8);
        Stored stored = branch.get(definitions, key);
        StoredDefinition definition = stored == null ? null : readable(table, stored);
        if (definition == null) {
            branch.delete(definitions, key);
            move(keyspace, table + SUFFIX);
            return;
        }
        Definition whole = definition.definition();
        Definition bare = new Definition(whole.keys(), whole.values(), List.of());
        if (!whole.equals(bare)) {
            branch.put(definitions, key, new StoredDefinition(definition.number() + 1, bare).toBytes(), Stored.NEVER);
        }
    }

    private static @Nullable StoredDefinition readable(String table, Stored stored) {
        try {
            return StoredDefinition.of(table, stored);
        } catch (KvException.Corrupt damaged) {
            return null;
        }
    }

    private void move(String keyspace, String table) {
        Keyspace from = backend.keyspace(keyspace);
        Keyspace to = backend.keyspace(KeyspaceNames.records(table));
        long moved = 0;
        try (EntryCursor entry = branch.scan(from, Bounds.ALL.from(), null, false)) {
            while (entry.advance()) {
                byte[] value = Arrays.copyOfRange(entry.array(), entry.offset(), entry.offset() + entry.length());
                branch.put(to, entry.key(), value, entry.deadline());
                moved++;
            }
        }
        if (moved == 0) {
            return;
        }
        branch.deleteRange(from, Bounds.ALL.from(), null);
        Definition bytes = new Definition(Keys.bytes().id(), Values.bytes().id(), List.of());
        branch.put(
                backend.keyspace(KeyspaceNames.DEFINITIONS),
                table.getBytes(StandardCharsets.UTF_8),
                new StoredDefinition(1, bytes).toBytes(),
                Stored.NEVER);
        findings.add(new Finding(
                keyspace,
                "what its %d records are is lost; they are in the table \"%s\", as bytes.".formatted(moved, table)));
    }
}
