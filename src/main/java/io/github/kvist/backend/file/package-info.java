// SPDX-License-Identifier: Apache-2.0
/**
 * The storage in one directory: a log of segments, checkpoints, and a manifest that says which of them count.
 *
 * <p>Start at {@link io.github.kvist.backend.file.FileStorage}; the bytes are in {@code format}. Imports {@code api},
 * {@code backend} and {@code format}.
 */
@NullMarked
package io.github.kvist.backend.file;

import org.jspecify.annotations.NullMarked;
