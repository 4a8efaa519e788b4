// SPDX-License-Identifier: Apache-2.0
package io.github.kvist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.Table;
import io.github.kvist.api.Watch;
import io.github.kvist.api.WatchEvent.Committed;
import io.github.kvist.api.WatchEvent.Gap;
import io.github.kvist.api.WatchOptions;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the built-in engine says more exactly than every store has to: revisions without holes, and the very commits of a gap. */
final class GapsTest {

    private static final Table<String, String> WORDS = Table.of("words", Keys.string(), Values.string());
    private static final Duration LONG = Duration.ofSeconds(20);

    private static void puts(KvStore store, int count) {
        for (int i = 0; i < count; i++) {
            store.in(WORDS).put("k", "v");
        }
    }

    private static void requireRevisions(Watch watch, long... revisions) throws InterruptedException {
        for (long revision : revisions) {
            assertThat(watch.next(LONG))
                    .isInstanceOfSatisfying(
                            Committed.class,
                            event -> assertThat(event.revision()).isEqualTo(revision));
        }
    }

    @Test
    void everyCommitIsTheNextRevision() {
        try (KvStore store = Kvist.inMemory()) {
            assertThat(store.revision()).isZero();
            puts(store, 3);
            assertThat(store.revision()).isEqualTo(3);
            store.in(WORDS).putAll(Map.of("a", "1", "b", "2"));
            assertThat(store.revision()).isEqualTo(4);
            store.update(tx -> tx.in(WORDS).get("a"));
            assertThat(store.revision()).isEqualTo(4);
        }
    }

    @Test
    void aBufferHoldsAsManyCommitsAsItSays() throws Exception {
        try (KvStore store = Kvist.inMemory();
                Watch watch = store.watch(WatchOptions.of(WORDS).buffer(3));
                Watch witness = store.watch(WatchOptions.of(WORDS))) {
            puts(store, 10);
            // Whoever is told of a commit, everybody was told of those before it; so the ninth is lost to the slow one
            // by then.
            requireRevisions(witness, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);

            requireRevisions(watch, 1, 2, 3);
            assertThat(watch.next(LONG)).isInstanceOfSatisfying(Gap.class, gap -> {
                assertThat(gap.lastSeen()).isEqualTo(3);
                assertThat(gap.oldestAvailable()).isBetween(10L, 11L);
            });
        }
    }

    @Test
    void aWatchBeginsWithTheOldestCommitThatIsKept() throws Exception {
        try (KvStore store = Kvist.open("memory:", Options.defaults().history(5))) {
            puts(store, 20);
            try (Watch watch = store.watch(WatchOptions.of(WORDS).from(2))) {
                assertThat(watch.next(LONG)).isEqualTo(new Gap(2, 16));
                requireRevisions(watch, 16, 17, 18, 19, 20);
            }
        }
    }
}
