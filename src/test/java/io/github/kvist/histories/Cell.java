// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.histories;

import io.github.kvist.api.Codec;
import io.github.kvist.codec.Values;
import java.nio.ByteBuffer;

/**
 * What a register holds.
 *
 * @param element who wrote it: no other write of this key has the same
 * @param amount means what the workload wants it to mean, as does {@code other}
 */
record Cell(int element, int amount, int other) {

    static final Codec<Cell> CODEC = Values.of(
            "cell",
            cell -> ByteBuffer.allocate(3 * Integer.BYTES)
                    .putInt(cell.element)
                    .putInt(cell.amount)
                    .putInt(cell.other)
                    .array(),
            bytes -> {
                ByteBuffer source = ByteBuffer.wrap(bytes);
                return new Cell(source.getInt(), source.getInt(), source.getInt());
            });
}
