// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.codec;

import io.github.kvist.api.KeyCodec;
import io.github.kvist.api.Pair;
import io.github.kvist.testkit.KeyCodecContract;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

final class PairKeysTest extends KeyCodecContract<Pair<String, Long>> {

    @Override
    protected KeyCodec<Pair<String, Long>> codec() {
        return Keys.tuple(Keys.string(), Keys.int64());
    }

    @Override
    protected Arbitrary<Pair<String, Long>> arbitraryKeys() {
        return Combinators.combine(
                        Arbitraries.strings().withChars("a\\0\\u0001\\u0002").ofMaxLength(4), Arbitraries.longs())
                .as(Pair::new);
    }

    @Override
    protected List<Pair<String, Long>> corners() {
        return List.of(
                new Pair<>("", 0L),
                new Pair<>("\\0", -1L),
                new Pair<>("", Long.MAX_VALUE),
                new Pair<>("\\u0001", Long.MIN_VALUE),
                new Pair<>("a", 1L));
    }
}
