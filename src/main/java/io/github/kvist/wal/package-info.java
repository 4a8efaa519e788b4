// SPDX-License-Identifier: Apache-2.0
/**
 * The write-ahead log: gathers commits into frames, appends them before they become visible, and reads them back after a
 * crash.
 *
 * <p>Start at {@link io.github.kvist.wal.Wal}. Imports {@code api}, {@code format}, {@code backend}.
 */
@NullMarked
package io.github.kvist.wal;

import org.jspecify.annotations.NullMarked;
