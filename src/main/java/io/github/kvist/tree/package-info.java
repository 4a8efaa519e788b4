// SPDX-License-Identifier: Apache-2.0
/**
 * The packed, persistent radix tree: an ordered map from byte keys to byte values that never changes once published.
 *
 * <p>Start at {@link io.github.kvist.tree.RadixTree}; {@link io.github.kvist.tree.TreeEditor} changes one,
 * {@link io.github.kvist.tree.TreeCursor} walks one, {@link io.github.kvist.tree.TreeBuilder} builds one from sorted
 * input. Imports the JDK only.
 */
@NullMarked
package io.github.kvist.tree;

import org.jspecify.annotations.NullMarked;
