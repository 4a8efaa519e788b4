// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.KeyCodec;
import io.github.kvist.api.KeyRange;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * The laws of a {@link KeyCodec}. Extend it, say which codec and which keys; name the class so that it ends in {@code Test}.
 *
 * @param <K> what the keys are
 */
public abstract class KeyCodecContract<K> {

    /** The codec under test. */
    protected abstract KeyCodec<K> codec();

    /** Keys of every kind, near each other often enough that orders are decided late. */
    protected abstract Arbitrary<K> arbitraryKeys();

    /** Keys that have surprised somebody: extremes, empty ones, one the prefix of another. */
    protected abstract List<K> corners();

    /** The prefix relation of the keys; empty if they have none. */
    protected Optional<Boolean> startsWith(K key, K prefix) {
        return Optional.empty();
    }

    @Provide
    final Arbitrary<Tuple.Tuple2<K, K>> pairs() {
        Arbitrary<K> keys = Arbitraries.oneOf(arbitraryKeys(), Arbitraries.of(corners()));
        return keys.tuple2();
    }

    @Property(tries = 2000)
    void bytesSortLikeKeys(@ForAll("pairs") Tuple.Tuple2<K, K> pair) {
        requireSameOrder(pair.get1(), pair.get2());
    }

    @Property(tries = 1)
    void bytesOfCornersSortLikeKeys() {
        for (K a : corners()) {
            for (K b : corners()) {
                requireSameOrder(a, b);
            }
        }
    }

    @Property(tries = 1000)
    void decodedKeyIsTheKey(@ForAll("pairs") Tuple.Tuple2<K, K> pair) {
        byte[] encoded = codec().encode(pair.get1());
        byte[] embedded = new byte[encoded.length + 5];
        Arrays.fill(embedded, (byte) 0x7F);
        System.arraycopy(encoded, 0, embedded, 3, encoded.length);

        K decoded = codec().decode(embedded, 3, encoded.length);

        assertThat(decoded).isEqualTo(pair.get1());
        assertThat(codec().encode(decoded)).isEqualTo(encoded);
    }

    @Property(tries = 500)
    void fixedSizeIsTheSizeOfEveryKey(@ForAll("pairs") Tuple.Tuple2<K, K> pair) {
        if (codec().fixedBytes() >= 0) {
            assertThat(codec().encode(pair.get1())).hasSize(codec().fixedBytes());
        }
    }

    @Property(tries = 1000)
    void prefixRangeHoldsExactlyTheKeysWithThatPrefix(@ForAll("pairs") Tuple.Tuple2<K, K> pair) {
        K key = pair.get1();
        K prefix = pair.get2();
        Optional<Boolean> expected = startsWith(key, prefix);
        KeyRange<K> range = KeyRange.prefix(prefix);
        if (expected.isEmpty()) {
            assertThatThrownBy(() -> range.from(codec()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("prefix");
            return;
        }

        assertThat(contains(range, key)).isEqualTo(expected.get());
    }

    private boolean contains(KeyRange<K> range, K key) {
        byte[] encoded = codec().encode(key);
        byte[] end = range.to(codec());
        return Arrays.compareUnsigned(range.from(codec()), encoded) <= 0
                && (end == null || Arrays.compareUnsigned(encoded, end) < 0);
    }

    private void requireSameOrder(K a, K b) {
        int bytes = Arrays.compareUnsigned(codec().encode(a), codec().encode(b));

        assertThat(Integer.signum(bytes))
                .as("order of the bytes of %s and %s", a, b)
                .isEqualTo(Integer.signum(codec().order().compare(a, b)));
        assertThat(bytes == 0).as("%s has the bytes of %s", a, b).isEqualTo(equal(a, b));
    }

    private static boolean equal(Object a, Object b) {
        return a instanceof byte[] left && b instanceof byte[] right ? Arrays.equals(left, right) : a.equals(b);
    }
}
