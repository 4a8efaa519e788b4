// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.api;

import java.util.List;
import java.util.Optional;

/**
 * Some consecutive entries of a scan.
 *
 * @param next present exactly if something follows
 */
public record Page<K, V>(List<Entry<K, V>> entries, Optional<PageToken> next) {
    public Page {
        entries = List.copyOf(entries);
    }
}
