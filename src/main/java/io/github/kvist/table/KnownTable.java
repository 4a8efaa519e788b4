// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.api.Table;
import java.nio.charset.StandardCharsets;

/** A table that this store was given, by name, and since when its stored definition is the one that was given. */
final class KnownTable {

    private final Table<?, ?> table;
    private final byte[] key;
    private final Definition definition;
    // Only ever lowered, apart from harmless races: a value too high costs a lookup.
    private volatile long exactSince = Long.MAX_VALUE;
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

    /** Whether the stored definition is this one in every commit from {@code revision} on. */
    boolean isExactAt(long revision) {
        return revision >= exactSince;
    }

    /** Whether the stored definition is this one in the newest commit. */
    boolean isExact() {
        return exactSince != Long.MAX_VALUE;
    }

    void exactAt(long revision) {
        if (revision < exactSince) {
            lower(revision);
        }
    }

    private synchronized void lower(long revision) {
        if (revision >= forgottenAt && revision < exactSince) {
            exactSince = revision;
        }
    }

    /** What was stored before {@code revision} says nothing any more. */
    synchronized void forgetBefore(long revision) {
        forgottenAt = revision;
        exactSince = Long.MAX_VALUE;
    }
}
