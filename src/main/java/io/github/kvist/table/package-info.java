// SPDX-License-Identifier: Apache-2.0
/**
 * Typed tables and their indexes over any backend: the one place where objects become bytes, index entries follow their
 * records, and definitions are kept.
 *
 * <p>Start at {@link io.github.kvist.table.TableStore}; {@code StoreTable} is a table outside of transactions,
 * {@code TransactionTable} one inside. Imports {@code api}, {@code codec}, {@code backend}; not the engine.
 */
@NullMarked
package io.github.kvist.table;

import org.jspecify.annotations.NullMarked;
