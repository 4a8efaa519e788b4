// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.codec;

import io.github.kvist.api.KeyCodec;
import io.github.kvist.testkit.KeyCodecContract;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

final class BoolKeysTest extends KeyCodecContract<Boolean> {

    @Override
    protected KeyCodec<Boolean> codec() {
        return Keys.bool();
    }

    @Override
    protected Arbitrary<Boolean> arbitraryKeys() {
        return Arbitraries.of(true, false);
    }

    @Override
    protected List<Boolean> corners() {
        return List.of(true, false);
    }
}
