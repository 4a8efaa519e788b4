// SPDX-License-Identifier: Apache-2.0
/**
 * The storage that keeps nothing: the engine alone, for data that may be lost with the process.
 *
 * <p>Start at {@link io.github.kvist.backend.memory.MemoryStorage}. Imports {@code api} and {@code backend}.
 */
@NullMarked
package io.github.kvist.backend.memory;

import org.jspecify.annotations.NullMarked;
