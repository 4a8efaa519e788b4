// SPDX-License-Identifier: Apache-2.0
/**
 * What a user calls and what is promised: stores, transactions, snapshots, tables, indexes, codecs, options and errors.
 *
 * <p>Start at {@link io.github.kvist.api.KvStore}. Imports nothing of ours.
 */
@NullMarked
package io.github.kvist.api;

import org.jspecify.annotations.NullMarked;
