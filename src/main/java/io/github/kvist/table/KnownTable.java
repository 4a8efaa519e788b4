// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.api.Table;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A table that this store was given, by name, and since when its stored definition is the one that was given. */
final class KnownTable {

    private final Table<?, ?> table;
    private final byte[] key;
    private final Definition definition;
    private volatile @Nullable DefinitionVersion exact;
    // Guarded by this.
    private long forgottenAt;

    KnownTable(Table<?, ?> table, Definition definition) {
        this.table = table;
        this.key = table.name().getBytes(StandardCharsets.UTF_8);
        this.definition = definition;
    }

    String name() {
        return table.name();
    }

    /** The object that the store was given first. */
    Table<?, ?> table() {
        return table;
    }

    /** Under which the definition is stored. */
    byte[] key() {
        return key;
    }

    Definition definition() {
        return definition;
    }

    /**
     * Whether the stored definition is this one in every commit from {@code revision} on; on a shared system as far as this process
     * knows.
     */
    boolean isExactAt(long revision) {
        DefinitionVersion known = exact;
        return known != null && revision >= known.since();
    }

    /** Whether the stored definition is this one in the newest commit. */
    boolean isExact() {
        return exact != null;
    }

    /** The stored definition, if it is this one. */
    @Nullable
    DefinitionVersion exact() {
        return exact;
    }

    /** The stored definition was seen in a view of {@code revision}, is this one and has that version. */
    synchronized void exactAt(long revision, long version) {
        DefinitionVersion known = exact;
        if (revision < forgottenAt) {
            return;
        }
        if (known != null && known.version() == version) {
            exact = new DefinitionVersion(Math.min(revision, known.since()), version, System.nanoTime());
        } else if (known == null || revision > known.since()) {
            exact = new DefinitionVersion(revision, version, System.nanoTime());
        }
    }

    /** What was stored before {@code revision} says nothing any more. */
    synchronized void forgetBefore(long revision) {
        forgottenAt = revision;
        exact = null;
    }

    /** It may have been changed by another process. */
    synchronized void forget() {
        exact = null;
    }
}
