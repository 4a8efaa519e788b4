// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.api;

import java.util.Objects;

/**
 * Something that is not as it should be.
 *
 * @param where a file and an offset, or a table and an index
 * @param what what was found there and what it means
 */
public record Finding(String where, String what) {
    public Finding {
        Objects.requireNonNull(where, "where");
        Objects.requireNonNull(what, "what");
    }

    @Override
    public String toString() {
        return where + ": " + what;
    }
}
