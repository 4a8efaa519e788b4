// SPDX-License-Identifier: Apache-2.0
/**
 * The two seams, bytes only: a {@link io.github.kvist.backend.Backend} answers operations by itself, a
 * {@link io.github.kvist.backend.Storage} only keeps frames and checkpoints for the built-in engine. Below it stands one folder
 * for each system, knowing no sibling.
 *
 * <p>Imports {@code api}.
 */
@NullMarked
package io.github.kvist.backend;

import org.jspecify.annotations.NullMarked;
