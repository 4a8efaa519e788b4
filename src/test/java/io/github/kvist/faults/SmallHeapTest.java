// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.api.KvStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A store in a heap that is too small for it, filled until the memory runs out again and again: each call ends with an error that has
 * a name, what was acknowledged is there afterwards, and nothing by halves. With a limit there is no lack of memory at all.
 */
@Tag("campaign")
@Timeout(300)
final class SmallHeapTest {

    private static final int ROUNDS = Scale.pick(1, 8, 300);
    private static final int STORMS = Scale.pick(4, 20, 50);

    @TempDir
    private Path directory;

    private final long[] last = new long[HeapFilling.WRITERS];
    private final long[] floor = new long[HeapFilling.WRITERS];

    @Test
    void lackOfMemoryLosesNothing() throws Exception {
        Campaign campaign = new Campaign("small-heap storm");
        for (int round = 0; round < ROUNDS; round++) {
            Path home = directory.resolve("store-" + round);
            run(home, Long.MAX_VALUE, campaign);
            check(home);
            campaign.count("rounds");
        }
        campaign.atLeast("rounds", ROUNDS)
                .atLeast("calls without memory", ROUNDS)
                .end();
    }

    @Test
    void withinALimitMemoryDoesNotRunOut() throws Exception {
        Campaign campaign = new Campaign("a limit in a small heap");
        Path home = directory.resolve("limited");
        run(home, 4 << 20, campaign);
        check(home);
        campaign.atLeast("refused by the limit", STORMS);
        assertThat(campaign.counted("calls without memory")).isZero();
        campaign.end();
    }

    private void run(Path home, long maxBytes, Campaign campaign) throws IOException, InterruptedException {
        for (int writer = 0; writer < HeapFilling.WRITERS; writer++) {
            last[writer] = writer * HeapFilling.KEYS - 1;
            floor[writer] = writer * HeapFilling.KEYS;
        }
        Path errors = directory.resolve("errors");
        try (Child child = Child.start(errors, List.of("-Xmx24m"), HeapFilling.class, home, maxBytes, STORMS)) {
            for (String line = child.line(); line != null; line = child.line()) {
                note(line.split(" ", -1), campaign);
            }
            assertThat(child.exit()).as(child.complaints()).isZero();
        }
    }

    private void note(String[] words, Campaign campaign) {
        if (words.length != 3 || words[2].isEmpty()) {
            return; // cut by a lack of memory
        }
        int writer = Integer.parseInt(words[1]);
        long key = Long.parseLong(words[2]);
        switch (words[0]) {
            case "put" -> {
                last[writer] = Math.max(last[writer], key);
                campaign.count("commits");
            }
            case "cut" -> floor[writer] = Math.max(floor[writer], key);
            case "full" -> campaign.count(key == 0 ? "calls without memory" : "refused by the limit");
            default -> { // it was the log that had none
                campaign.count("calls without memory");
                campaign.count("writers that were refused until the store was reopened");
            }
        }
    }

    private void check(Path home) {
        try (KvStore store = Shop.open(home, HeapFilling.options(Long.MAX_VALUE))) {
            List<Long> one = store.in(HeapFilling.ONE).scan().keys();
            assertThat(store.in(HeapFilling.OTHER).scan().keys()).isEqualTo(one);
            for (int writer = 0; writer < HeapFilling.WRITERS; writer++) {
                long first = writer * HeapFilling.KEYS;
                List<Long> ofWriter = one.stream()
                        .filter(key -> key >= first && key < first + HeapFilling.KEYS)
                        .toList();
                Long said = store.in(HeapFilling.FLOORS).getOrNull("writer " + writer);
                long from = said == null ? first : said;
                assertThat(from).isGreaterThanOrEqualTo(floor[writer]);
                long to = ofWriter.isEmpty() ? from - 1 : ofWriter.get(ofWriter.size() - 1);
                assertThat(to).isBetween(Math.max(last[writer], from - 1), Math.max(last[writer] + 1, from - 1));
                assertThat(ofWriter).hasSize((int) (to - from + 1));
            }
            assertThat(store.admin().verify().findings()).isEmpty();
        }
    }
}
