// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which ranges cover a key. */
class RangeIndexTest {

    private record Range(byte[] from, byte @Nullable [] to) {
        boolean covers(byte[] key) {
            return Arrays.compareUnsigned(from, key) <= 0 && (to == null || Arrays.compareUnsigned(key, to) < 0);
        }
    }

    @Test
    void findsWhatAListOfTheRangesFinds() {
        Random random = new Random(11);
        RangeIndex<Range> index = new RangeIndex<>(Arrays::compareUnsigned);
        List<Range> ranges = new ArrayList<>();
        List<RangeIndex.Node<Range>> nodes = new ArrayList<>();
        for (int step = 0; step < 4000; step++) {
            if (ranges.isEmpty() || random.nextInt(5) > (step / 1000) % 2 * 3) {
                Range range = new Range(key(random), random.nextInt(6) == 0 ? null : key(random));
                nodes.add(index.add(range.from, range.to, range));
                ranges.add(range);
            } else {
                int gone = random.nextInt(ranges.size());
                index.remove(nodes.remove(gone));
                ranges.remove(gone);
            }
            byte[] key = key(random);
            Set<Range> expected = new HashSet<>(ranges);
            expected.removeIf(range -> !range.covers(key));
            List<Range> found = new ArrayList<>();
            index.covering(key, found::add);
            assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(index.covers(key)).isEqualTo(!expected.isEmpty());
            assertThat(index.isEmpty()).isEqualTo(ranges.isEmpty());
            if (!ranges.isEmpty()) {
                compareEnds(index, ranges);
            }
        }
    }

    private static void compareEnds(RangeIndex<Range> index, List<Range> ranges) {
        assertThat(index.from())
                .isEqualTo(ranges.stream()
                        .map(Range::from)
                        .min(Arrays::compareUnsigned)
                        .orElseThrow());
        boolean isOpen = ranges.stream().anyMatch(range -> range.to == null);
        assertThat(index.to())
                .isEqualTo(
                        isOpen
                                ? null
                                : ranges.stream()
                                        .map(Range::to)
                                        .max(Arrays::compareUnsigned)
                                        .orElseThrow());
    }

    private static byte[] key(Random random) {
        byte[] key = new byte[random.nextInt(3)];
        random.nextBytes(key);
        return key;
    }

    @Test
    void tenThousandRangesThatDoNotCoverAKeyCostAFewComparisons() {
        AtomicLong comparisons = new AtomicLong();
        RangeIndex<Integer> index = new RangeIndex<>((a, b) -> {
            comparisons.incrementAndGet();
            return Arrays.compareUnsigned(a, b);
        });
        for (int i = 0; i < 10_000; i++) {
            index.add(text("k%05d".formatted(i)), text("k%05d!".formatted(i)), i);
        }
        comparisons.set(0);

        for (int i = 0; i < 1_000; i++) {
            byte[] key = text("k%05d~".formatted(i * 7));
            index.covering(key, found -> {
                throw new AssertionError(found + " does not cover it");
            });
            assertThat(index.covers(key)).isFalse();
        }

        assertThat(comparisons.get() / 1_000).isLessThan(150);
    }

    private static byte[] text(String text) {
        return EngineFixture.bytes(text);
    }
}
