// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.api;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One record of a table.
 *
 * @param expiresAt when it will be gone, to the millisecond; {@code null}: it stays until it is deleted
 */
public record Entry<K, V>(
        K key, V value, Version version, @Nullable Instant expiresAt) {
    public Entry {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(value, "value");
        Objects.requireNonNull(version, "version");
    }
}
