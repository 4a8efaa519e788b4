// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.api;

import java.util.Objects;

/** A key of three components, ordered by the first, then by the second, then by the third. */
public record Triple<A, B, C>(A first, B second, C third) {
    public Triple {
        Objects.requireNonNull(first, "first");
        Objects.requireNonNull(second, "second");
        Objects.requireNonNull(third, "third");
    }
}
