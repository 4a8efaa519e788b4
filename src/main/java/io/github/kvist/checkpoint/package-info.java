// SPDX-License-Identifier: Apache-2.0
/**
 * The durable image of one revision, so that the log can be cut: pages of the trees exactly as they lie in memory, in checksummed
 * blocks.
 *
 * <p>Doors: {@link io.github.kvist.checkpoint.CheckpointWriter}, {@link io.github.kvist.checkpoint.CheckpointReader} and, for streams, {@link io.github.kvist.checkpoint.ImageReader}. The bytes
 * are those of {@code ImageHeader}, {@code ImageBlock}, {@code ImageFooter} and {@code ImageTail} in
 * {@code format}. Imports {@code api}, {@code backend}, {@code format}, {@code tree}.
 */
@NullMarked
package io.github.kvist.checkpoint;

import org.jspecify.annotations.NullMarked;
