// SPDX-License-Identifier: Apache-2.0
/**
 * Brings the data of one store into another while both are in use: copies, follows, compares, and moves the application over.
 *
 * <p>Start at {@link io.github.kvist.migrate.Migration}; a {@link io.github.kvist.migrate.Mirror} is the same without the move. Inside,
 * {@code Replication} is the work itself, on bytes; {@code Replicator} the thread that does it. Imports {@code api},
 * {@code backend}, {@code table}.
 */
@NullMarked
package io.github.kvist.migrate;

import org.jspecify.annotations.NullMarked;
