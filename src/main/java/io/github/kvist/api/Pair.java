// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.api;

import java.util.Objects;

/** A key of two components, ordered by the first, then by the second. */
public record Pair<A, B>(A first, B second) {
    public Pair {
        Objects.requireNonNull(first, "first");
        Objects.requireNonNull(second, "second");
    }
}
