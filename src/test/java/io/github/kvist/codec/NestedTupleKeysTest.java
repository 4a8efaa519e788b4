// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.codec;

import io.github.kvist.api.KeyCodec;
import io.github.kvist.api.Pair;
import io.github.kvist.testkit.KeyCodecContract;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

final class NestedTupleKeysTest extends KeyCodecContract<Pair<Pair<String, String>, Pair<Integer, String>>> {

    @Override
    protected KeyCodec<Pair<Pair<String, String>, Pair<Integer, String>>> codec() {
        return Keys.tuple(Keys.tuple(Keys.string(), Keys.string()), Keys.tuple(Keys.int32(), Keys.string()));
    }

    @Override
    protected Arbitrary<Pair<Pair<String, String>, Pair<Integer, String>>> arbitraryKeys() {
        return Combinators.combine(texts(), texts(), Arbitraries.integers().between(-1, 1), texts())
                .as(NestedTupleKeysTest::key);
    }

    @Override
    protected List<Pair<Pair<String, String>, Pair<Integer, String>>> corners() {
        return List.of(
                key("", "", 0, ""), key("\\0", "", 0, ""), key("", "\\0", 0, ""), key("\\u0001", "\\0", 1, "\\0"));
    }

    @Override
    protected Optional<Boolean> startsWith(
            Pair<Pair<String, String>, Pair<Integer, String>> key,
            Pair<Pair<String, String>, Pair<Integer, String>> prefix) {
        return Optional.of(key.first().equals(prefix.first())
                && key.second().first().equals(prefix.second().first())
                && key.second().second().startsWith(prefix.second().second()));
    }

    private static Pair<Pair<String, String>, Pair<Integer, String>> key(String a, String b, int c, String d) {
        return new Pair<>(new Pair<>(a, b), new Pair<>(c, d));
    }

    private static Arbitrary<String> texts() {
        return Arbitraries.strings().withChars("a\\0\\u0001\\u0002").ofMaxLength(3);
    }
}
