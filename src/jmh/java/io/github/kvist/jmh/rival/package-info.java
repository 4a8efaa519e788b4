// SPDX-License-Identifier: Apache-2.0

/**
 * The stores that are measured side by side, each behind {@link io.github.kvist.jmh.rival.Contender}.
 *
 * <p>Start at {@link io.github.kvist.jmh.rival.Rival}, the list of them. An adapter uses its store as the store's own manual
 * advises, and is inspected against a {@code TreeMap} before anything is timed.
 */
@NullMarked
package io.github.kvist.jmh.rival;

import org.jspecify.annotations.NullMarked;
