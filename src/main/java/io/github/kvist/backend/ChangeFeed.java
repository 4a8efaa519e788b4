// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend;

import java.util.OptionalLong;

/** For backends that tell what every commit changed. */
public interface ChangeFeed {

    /**
     * The commits that change something in {@code scope}. The caller closes it.
     *
     * @param after the revision behind which it begins; if empty, the newest visible one
     * @param buffer how many commits wait for a slow consumer before one is missed
     * @throws IllegalArgumentException if {@code after} is a revision of the future
     */
    Feed follow(Scope scope, OptionalLong after, int buffer);

    /** What is followed. */
    sealed interface Scope permits Range, Scope.Keyspaces {

        /** All keyspaces, those to come too, whose names begin with {@code prefix}. */
        record Keyspaces(String prefix) implements Scope {}
    }
}
