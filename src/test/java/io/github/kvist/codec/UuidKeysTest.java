// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.codec;

import io.github.kvist.api.KeyCodec;
import io.github.kvist.testkit.KeyCodecContract;
import java.util.List;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

final class UuidKeysTest extends KeyCodecContract<UUID> {

    @Override
    protected KeyCodec<UUID> codec() {
        return Keys.uuid();
    }

    @Override
    protected Arbitrary<UUID> arbitraryKeys() {
        return Combinators.combine(Arbitraries.longs(), Arbitraries.longs()).as(UUID::new);
    }

    @Override
    protected List<UUID> corners() {
        return List.of(
                new UUID(0, 0),
                new UUID(-1, -1),
                new UUID(0, -1),
                new UUID(-1, 0),
                new UUID(Long.MIN_VALUE, 1),
                new UUID(Long.MAX_VALUE, 1));
    }
}
