// SPDX-License-Identifier: Apache-2.0
/**
 * Transactions over a backend that knows conditional commits only: pending writes lie over a view, what was read is written down,
 * and one commit checks the one and applies the other. This is how every system on the network gets the transactions that the
 * built-in engine has by itself.
 */
@NullMarked
package io.github.kvist.optimistic;

import org.jspecify.annotations.NullMarked;
