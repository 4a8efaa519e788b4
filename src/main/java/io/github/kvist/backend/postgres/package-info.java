// SPDX-License-Identifier: Apache-2.0
/**
 * Stores in PostgreSQL, used by any number of processes: tables in a schema of their own, and functions that commit a whole
 * transaction in one call.
 *
 * <p>Start at {@link io.github.kvist.backend.postgres.PostgresBackend}. Imports {@code api} and {@code backend}; sees the driver
 * and its pool, which are optional dependencies. The layout is in the resources beside it.
 */
@NullMarked
package io.github.kvist.backend.postgres;

import org.jspecify.annotations.NullMarked;
