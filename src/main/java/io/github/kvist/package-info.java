// SPDX-License-Identifier: Apache-2.0
/**
 * Opens stores and wires their parts.
 *
 * <p>Start at {@link io.github.kvist.Kvist}. May import everything; only {@code cli} imports it.
 */
@NullMarked
package io.github.kvist;

import org.jspecify.annotations.NullMarked;
