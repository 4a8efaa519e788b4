// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.codec;

import io.github.kvist.api.KeyCodec;
import io.github.kvist.api.Triple;
import io.github.kvist.testkit.KeyCodecContract;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

final class TripleKeysTest extends KeyCodecContract<Triple<String, Integer, String>> {

    @Override
    protected KeyCodec<Triple<String, Integer, String>> codec() {
        return Keys.tuple(Keys.string(), Keys.int32(), Keys.string());
    }

    @Override
    protected Arbitrary<Triple<String, Integer, String>> arbitraryKeys() {
        return Combinators.combine(texts(), Arbitraries.integers().between(-1, 1), texts())
                .as(Triple::new);
    }

    @Override
    protected List<Triple<String, Integer, String>> corners() {
        return List.of(
                new Triple<>("", 0, ""),
                new Triple<>("\\0", 0, "\\0"),
                new Triple<>("", 0, "\\u0001"),
                new Triple<>("\\u0001", -1, ""));
    }

    @Override
    protected Optional<Boolean> startsWith(
            Triple<String, Integer, String> key, Triple<String, Integer, String> prefix) {
        return Optional.of(key.first().equals(prefix.first())
                && key.second().equals(prefix.second())
                && key.third().startsWith(prefix.third()));
    }

    private static Arbitrary<String> texts() {
        return Arbitraries.strings().withChars("a\\0\\u0001\\u0002").ofMaxLength(3);
    }
}
