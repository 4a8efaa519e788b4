// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.codec;

import io.github.kvist.api.KeyCodec;
import io.github.kvist.testkit.KeyCodecContract;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

final class Int64KeysTest extends KeyCodecContract<Long> {

    @Override
    protected KeyCodec<Long> codec() {
        return Keys.int64();
    }

    @Override
    protected Arbitrary<Long> arbitraryKeys() {
        return Arbitraries.longs();
    }

    @Override
    protected List<Long> corners() {
        return List.of(Long.MIN_VALUE, Integer.MIN_VALUE - 1L, -1L, 0L, 1L, 1L << 32, Long.MAX_VALUE);
    }
}
