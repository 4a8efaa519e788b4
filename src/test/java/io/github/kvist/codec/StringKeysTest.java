// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.codec;

import io.github.kvist.api.KeyCodec;
import io.github.kvist.testkit.KeyCodecContract;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

final class StringKeysTest extends KeyCodecContract<String> {

    @Override
    protected KeyCodec<String> codec() {
        return Keys.string();
    }

    @Override
    protected Arbitrary<String> arbitraryKeys() {
        return Arbitraries.strings()
                .withChars("ab\\0\\u0001?\\u007F\\u0080\\uD7FF\\uE000\\uFFFD\\uFFFF\\uD83D\\uDE00")
                .filter(StringKeysTest::isPaired);
    }

    @Override
    protected List<String> corners() {
        return List.of(
                "",
                "\\0",
                "\\u0001",
                "a",
                "a\\0",
                "a\\u0001",
                "?",
                "\\uFFFF",
                "\\uD800\\uDC00",
                "\\uDBFF\\uDFFF",
                "\\uFFFD",
                "\\uE000",
                "ß",
                "a?b");
    }

    @Override
    protected Optional<Boolean> startsWith(String key, String prefix) {
        return Optional.of(key.startsWith(prefix));
    }

    private static boolean isPaired(String text) {
        return text.codePoints().noneMatch(c -> Character.MIN_SURROGATE <= c && c <= Character.MAX_SURROGATE);
    }
}
