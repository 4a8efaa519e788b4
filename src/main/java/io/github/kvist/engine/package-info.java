// SPDX-License-Identifier: Apache-2.0
/**
 * The built-in backend: revisions, transactions as private branches, one commit pipeline, recovery, checkpoints.
 *
 * <p>Start at {@link io.github.kvist.engine.Engine}; {@code Committer} judges commits, {@code Head} is where the store stands.
 * Imports {@code api}, {@code backend}, {@code format}, {@code tree}, {@code wal}, {@code checkpoint}, and
 * {@code backend.memory}, where forks live.
 */
@NullMarked
package io.github.kvist.engine;

import org.jspecify.annotations.NullMarked;
