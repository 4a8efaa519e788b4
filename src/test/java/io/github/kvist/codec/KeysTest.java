// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.KeyCodec;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.Pair;
import io.github.kvist.api.Triple;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class KeysTest {

    @Test
    void halfOfASurrogatePairIsRefusedWithItsPosition() {
        Map<String, Integer> positions =
                Map.of("\uD800", 0, "ab\uD800", 2, "\uDC00x", 0, "\uD800\uD800\uDC00", 0, "\uD800\uDC00\uDFFF", 2);

        positions.forEach(
                (text, position) -> assertThatThrownBy(() -> Keys.string().encode(text))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("position " + position));
    }

    @Test
    void questionMarksAreOrdinaryText() {
        assertThat(Keys.string().encode("a?")).isEqualTo(new byte[] {'a', '?'});
    }

    @Test
    void bytesThatAreNotTextAreRefused() {
        assertThatThrownBy(() -> Keys.string().decode(new byte[] {'a', (byte) 0xC3}, 0, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("UTF-8");
        assertThat(Keys.string().decode("\uFFFD".getBytes(StandardCharsets.UTF_8), 0, 3))
                .isEqualTo("\uFFFD");
    }

    @ParameterizedTest
    @MethodSource("fixedCodecs")
    void keysOfTheWrongLengthAreRefused(KeyCodec<?> codec) {
        for (int length : List.of(0, codec.fixedBytes() - 1, codec.fixedBytes() + 1)) {
            assertThatThrownBy(() -> codec.decode(new byte[64], 7, length))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(codec.fixedBytes() + " bytes");
        }
    }

    static List<KeyCodec<?>> fixedCodecs() {
        return List.of(
                Keys.int32(), Keys.int64(), Keys.uuid(), Keys.instant(), Keys.bool(), Keys.enumOf(TimeUnit.class));
    }

    @Test
    void impossibleContentIsRefused() {
        byte[] ones = new byte[12];
        Arrays.fill(ones, (byte) 0xFF);

        assertThatThrownBy(() -> Keys.instant().decode(ones, 0, 12)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Keys.instant().decode(new byte[12], 0, 12))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Keys.bool().decode(ones, 0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Keys.enumOf(TimeUnit.class).decode(new byte[] {0, 7}, 0, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("TimeUnit");
    }

    @Test
    void uuidsSortAsTheirText() {
        List<UUID> ids =
                new ArrayList<>(List.of(new UUID(-1, 0), new UUID(1, -1), new UUID(1, 1), new UUID(Long.MIN_VALUE, 0)));

        ids.sort(Keys.uuid().order());

        assertThat(ids.stream().map(UUID::toString)).isSorted();
    }

    @Test
    void tupleIsCutOffOrBadlyEscaped() {
        PairKeys<String, Long> codec = Keys.tuple(Keys.string(), Keys.int64());

        for (byte[] bad : List.of(new byte[0], new byte[] {'a'}, new byte[] {'a', 0, 1}, new byte[] {1, 3, 0})) {
            assertThatThrownBy(() -> codec.decode(bad, 0, bad.length)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> Keys.tuple(Keys.int64(), Keys.string()).decode(new byte[7], 0, 7))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cut off");
    }

    @Test
    void codecThatIsWrongAboutItsSizeIsToldSo() {
        KeyCodec<String> wrong = new WrongSize();

        assertThatThrownBy(() -> Keys.tuple(wrong, wrong).encode(new Pair<>("abc", "")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("wrong")
                .hasMessageContaining("fixedBytes()");
    }

    @Test
    void startingWithHoldsAllTuplesWithThatStartAndNoOthers() {
        PairKeys<String, Integer> pairs = Keys.tuple(Keys.string(), Keys.int32());
        TripleKeys<Integer, String, String> triples = Keys.tuple(Keys.int32(), Keys.string(), Keys.string());

        assertThat(contains(pairs, pairs.startingWith("a"), new Pair<>("a", Integer.MIN_VALUE)))
                .isTrue();
        assertThat(contains(pairs, pairs.startingWith("a"), new Pair<>("a", Integer.MAX_VALUE)))
                .isTrue();
        assertThat(contains(pairs, pairs.startingWith("a"), new Pair<>("a\0", 0)))
                .isFalse();
        assertThat(contains(pairs, pairs.startingWith("a"), new Pair<>("", 0))).isFalse();
        assertThat(contains(triples, triples.startingWith(-1), new Triple<>(-1, "\uFFFF", "")))
                .isTrue();
        assertThat(contains(triples, triples.startingWith(-1), new Triple<>(0, "", "")))
                .isFalse();
        assertThat(contains(triples, triples.startingWith(-1, "x"), new Triple<>(-1, "x", "z")))
                .isTrue();
        assertThat(contains(triples, triples.startingWith(-1, "x"), new Triple<>(-1, "xz", "")))
                .isFalse();
    }

    @Test
    void tupleOfFixedSizesHasAFixedSizeAndNoPrefixes() {
        TripleKeys<Integer, Long, Boolean> codec = Keys.tuple(Keys.int32(), Keys.int64(), Keys.bool());

        assertThat(codec.fixedBytes()).isEqualTo(13);
        assertThat(codec.id()).isEqualTo("tuple(int32,int64,bool)");
        assertThatThrownBy(() -> codec.encodePrefix(new Triple<>(1, 1L, true)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void layoutsNeverChange() {
        assertThat(hex(Keys.int32(), -2)).isEqualTo("7ffffffe");
        assertThat(hex(Keys.int64(), 1L)).isEqualTo("8000000000000001");
        assertThat(hex(Keys.bool(), true)).isEqualTo("01");
        assertThat(hex(Keys.enumOf(TimeUnit.class), TimeUnit.DAYS)).isEqualTo("0006");
        assertThat(hex(Keys.instant(), Instant.ofEpochSecond(-1, 5))).isEqualTo("7fffffffffffffff00000005");
        assertThat(hex(Keys.uuid(), new UUID(1, 2))).isEqualTo("00000000000000010000000000000002");
        assertThat(hex(Keys.tuple(Keys.string(), Keys.string()), new Pair<>("a\0\u0001\u0002", "\0")))
                .isEqualTo("61010101020200" + "00");
    }

    private static <K> String hex(KeyCodec<K> codec, K key) {
        return HexFormat.of().formatHex(codec.encode(key));
    }

    private static <K> boolean contains(KeyCodec<K> codec, KeyRange<K> range, K key) {
        byte[] encoded = codec.encode(key);
        byte[] end = range.to(codec);
        return Arrays.compareUnsigned(range.from(codec), encoded) <= 0
                && (end == null || Arrays.compareUnsigned(encoded, end) < 0);
    }

    private static final class WrongSize implements KeyCodec<String> {
        @Override
        public String id() {
            return "wrong";
        }

        @Override
        public byte[] encode(String key) {
            return Keys.string().encode(key);
        }

        @Override
        public String decode(byte[] source, int offset, int length) {
            return Keys.string().decode(source, offset, length);
        }

        @Override
        public Comparator<String> order() {
            return Keys.string().order();
        }

        @Override
        public int fixedBytes() {
            return 2;
        }
    }
}
