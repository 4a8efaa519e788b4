// SPDX-License-Identifier: Apache-2.0
/**
 * Every byte that outlives the process: one class for each layout, drawn as it lies, beside its reader and its writer. All
 * numbers are little-endian; every layout carries a checksum (CRC-32C) and a version. {@code docs/format.md} is the same in
 * prose.
 *
 * <p>A checksum finds accidents, not attackers. No reader allocates more than a small multiple of the bytes it was given.
 *
 * <p>Imports {@code api}.
 */
@NullMarked
package io.github.kvist.format;

import org.jspecify.annotations.NullMarked;
