// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.postgres;

import io.github.kvist.backend.Keyspace;

/** A handle, with the number that the server gave the keyspace as soon as this process has seen it. */
final class PostgresKeyspace implements Keyspace {

    private static final int UNKNOWN = 0;

    private final String name;
    private volatile int id = UNKNOWN;

    PostgresKeyspace(String name) {
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    boolean isKnown() {
        return id != UNKNOWN;
    }

    int id() {
        return id;
    }

    void id(int given) {
        id = given;
    }

    @Override
    public String toString() {
        return name;
    }
}
