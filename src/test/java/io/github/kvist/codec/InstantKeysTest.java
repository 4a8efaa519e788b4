// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.codec;

import io.github.kvist.api.KeyCodec;
import io.github.kvist.testkit.KeyCodecContract;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

final class InstantKeysTest extends KeyCodecContract<Instant> {

    @Override
    protected KeyCodec<Instant> codec() {
        return Keys.instant();
    }

    @Override
    protected Arbitrary<Instant> arbitraryKeys() {
        return Combinators.combine(
                        Arbitraries.longs().between(Instant.MIN.getEpochSecond(), Instant.MAX.getEpochSecond()),
                        Arbitraries.longs().between(0, 999_999_999))
                .as(Instant::ofEpochSecond);
    }

    @Override
    protected List<Instant> corners() {
        return List.of(
                Instant.MIN,
                Instant.MAX,
                Instant.EPOCH,
                Instant.ofEpochSecond(-1, 999_999_999),
                Instant.ofEpochSecond(0, 1),
                Instant.ofEpochSecond(1));
    }
}
