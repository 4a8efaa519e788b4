// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.codec;

import io.github.kvist.api.KeyCodec;
import io.github.kvist.testkit.KeyCodecContract;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

final class Int32KeysTest extends KeyCodecContract<Integer> {

    @Override
    protected KeyCodec<Integer> codec() {
        return Keys.int32();
    }

    @Override
    protected Arbitrary<Integer> arbitraryKeys() {
        return Arbitraries.integers();
    }

    @Override
    protected List<Integer> corners() {
        return List.of(Integer.MIN_VALUE, -256, -1, 0, 1, 255, 256, Integer.MAX_VALUE);
    }
}
