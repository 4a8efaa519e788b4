// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import io.github.kvist.backend.Keyspace;

/**
 * A keyspace by its number, under which trees and log know it.
 *
 * @param owner the numbers of the store that gave it
 */
record EngineKeyspace(String name, int number, Keyspaces owner) implements Keyspace {

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return number;
    }

    @Override
    public String toString() {
        return "Keyspace " + name;
    }
}
