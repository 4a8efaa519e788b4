// SPDX-License-Identifier: Apache-2.0
/**
 * Every byte that outlives the process: one class for each layout, drawn as it lies, beside its reader and its writer.
 *
 * <p>All numbers are little-endian, all layouts have a version and a checksum. {@code docs/format.md} puts the layouts together.
 * Imports {@code api}.
 */
@NullMarked
package io.github.kvist.format;

import org.jspecify.annotations.NullMarked;
