// SPDX-License-Identifier: Apache-2.0

/**
 * The benchmarks: one class per kind of work, each run against every {@link io.github.kvist.jmh.rival.Rival} that can do it.
 *
 * <p>Start at {@link io.github.kvist.jmh.Bench}, which runs them; how to read the figures is in {@code docs/benchmarks.md}.
 */
@NullMarked
package io.github.kvist.jmh;

import org.jspecify.annotations.NullMarked;
