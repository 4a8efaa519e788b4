// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.codec;

import io.github.kvist.api.KeyCodec;
import io.github.kvist.testkit.KeyCodecContract;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

final class EnumKeysTest extends KeyCodecContract<TimeUnit> {

    @Override
    protected KeyCodec<TimeUnit> codec() {
        return Keys.enumOf(TimeUnit.class);
    }

    @Override
    protected Arbitrary<TimeUnit> arbitraryKeys() {
        return Arbitraries.of(TimeUnit.class);
    }

    @Override
    protected List<TimeUnit> corners() {
        return List.of(TimeUnit.NANOSECONDS, TimeUnit.DAYS);
    }
}
