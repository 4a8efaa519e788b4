// SPDX-License-Identifier: Apache-2.0

/**
 * The figures of a store as meters of Micrometer, for applications that have it; Kvist itself does not need it.
 *
 * <p>Start at {@link io.github.kvist.micrometer.KvistMetrics}. Imports {@code api}.
 */
@NullMarked
package io.github.kvist.micrometer;

import org.jspecify.annotations.NullMarked;
