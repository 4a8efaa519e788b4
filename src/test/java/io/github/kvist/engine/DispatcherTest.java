// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.Durability;
import io.github.kvist.api.KvException;
import io.github.kvist.api.Options;
import io.github.kvist.api.Retention;
import io.github.kvist.backend.ChangeFeed.Scope;
import io.github.kvist.backend.Commit;
import io.github.kvist.backend.Feed;
import io.github.kvist.backend.Feed.Event.Committed;
import io.github.kvist.backend.Feed.Event.Gap;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Operation;
import io.github.kvist.backend.Range;
import io.github.kvist.backend.Stored;
import io.github.kvist.backend.memory.MemoryStorage;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The thread that tells watches, woken by hand: commits do not wake it here. */
@Timeout(120)
class DispatcherTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final byte[] START = {};

    private final Keyspaces keyspaces = new Keyspaces();
    private final Revisions revisions = new Revisions(new Retention(3, Duration.ZERO, 1 << 20), Root.EMPTY);
    private final Head head =
            new Head(revisions, new AtomicLong(), MemoryLimit.of(Options.defaults(), revisions), new MemoryStorage());
    private final Committer committer =
            new Committer(keyspaces, new Instants(Clock.systemUTC(), 0), revisions, head, () -> {});
    private final Dispatcher dispatcher = new Dispatcher(head, revisions, keyspaces);
    private final Keyspace words = keyspaces.named("t/words");
    private final Keyspace others = keyspaces.named("t/others");

    @AfterEach
    void close() {
        head.close();
        dispatcher.close();
    }

    @Test
    void whoCannotBeToldAnyMoreIsToldThat() throws Exception {
        try (Feed range = follow(new Range(words, START, null));
                Feed broad = follow(new Scope.Keyspaces("t/"));
                Feed other = follow(new Range(others, START, null));
                Feed stranger = follow(new Scope.Keyspaces("u/"))) {
            put(words, "a", 1);
            dispatcher.wake();
            assertThat(range.next(LONG)).isInstanceOf(Committed.class);
            assertThat(broad.next(LONG)).isInstanceOf(Committed.class);
            awaitSleep();

            // More than may be kept for a dispatcher that sleeps.
            for (int i = 0; i < 100; i++) {
                put(words, "a", 1 << 20);
            }
            long oldest = revisions.oldest().revision;
            dispatcher.wake();

            assertThat(oldest).isGreaterThan(2);
            goOnBehindAGap(range, oldest);
            goOnBehindAGap(broad, oldest);
            put(others, "b", 1);
            dispatcher.wake();
            assertThat(revision(other)).isEqualTo(102);
            assertThat(other.next(Duration.ZERO)).isNull();
            assertThat(stranger.next(Duration.ZERO)).isNull();
        }
    }

    private static void goOnBehindAGap(Feed feed, long oldest) throws InterruptedException {
        Feed.Event event = feed.next(LONG);
        assertThat(event).isInstanceOf(Gap.class);
        Gap gap = (Gap) event;
        assertThat(gap.lastSeen()).isEqualTo(1);
        // What is told before somebody hears of the gap is missed with it.
        assertThat(gap.oldestAvailable()).isBetween(oldest + 1, 102L);
        for (long revision = gap.oldestAvailable(); revision <= 101; revision++) {
            assertThat(revision(feed)).isEqualTo(revision);
        }
    }

    @Test
    void aBusyDispatcherIsNotWokenAndASleepingOneOnce() throws Exception {
        try (Feed feed = follow(new Range(words, START, null))) {
            awaitSleep();
            put(words, "a", 1);

            dispatcher.wake();
            dispatcher.wake();

            assertThat(revision(feed)).isEqualTo(1);
        }
    }

    @Test
    void theThreadEndsWithTheLastFeedAndBeginsAgain() throws Exception {
        for (int round = 1; round <= 20; round++) {
            try (Feed feed = follow(new Scope.Keyspaces(""))) {
                put(words, "a", round);
                dispatcher.wake();
                assertThat(revision(feed)).isEqualTo(round);
            }
        }
    }

    @Test
    void whoComesLaterIsToldOnlyWhatComesAfterwards() throws Exception {
        try (Feed early = follow(new Range(words, START, null))) {
            awaitSleep();
            put(words, "a", 1);
            put(words, "a", 2); // the thread still sleeps

            try (Feed late = follow(new Range(words, START, null))) {
                put(words, "a", 3);
                dispatcher.wake();

                assertThat(revision(late)).isEqualTo(3);
                assertThat(revision(early)).isEqualTo(1);
            }
        }
    }

    @Test
    void feedsOfOtherRangesGetNothing() throws Exception {
        List<Feed> elsewhere = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            byte[] key = EngineFixture.bytes("k" + i);
            elsewhere.add(follow(new Range(words, key, Span.after(key))));
        }
        try (Feed feed = follow(new Range(words, EngineFixture.bytes("x"), null))) {
            put(words, "k", 1);
            put(words, "x", 1);
            dispatcher.wake();

            assertThat(revision(feed)).isEqualTo(2);
            for (Feed other : elsewhere) {
                assertThat(other.next(Duration.ZERO)).isNull();
                other.close();
            }
        }
    }

    @Test
    void aClosedStoreHasNoFeeds() {
        Feed feed = follow(new Scope.Keyspaces(""));
        dispatcher.close();

        assertThatThrownBy(() -> feed.next(LONG)).isInstanceOf(KvException.Closed.class);
        assertThatThrownBy(() -> follow(new Scope.Keyspaces(""))).isInstanceOf(KvException.Closed.class);
    }

    @Test
    void aKeyspaceOfAnotherStoreIsRefused() {
        Keyspace stranger = new Keyspaces().named("t/words");

        assertThatThrownBy(() -> follow(new Range(stranger, START, null))).isInstanceOf(IllegalArgumentException.class);
    }

    private Feed follow(Scope scope) {
        return dispatcher.follow(scope, OptionalLong.empty(), 1000);
    }

    private void put(Keyspace keyspace, String key, int bytes) {
        Operation put = new Operation.Put(keyspace, EngineFixture.bytes(key), new byte[bytes], Stored.NEVER);
        assertThat(committer.commit(new Commit(List.of(), List.of(put), Durability.MEMORY)))
                .isNotEqualTo(Commit.REFUSED);
    }

    private static long revision(Feed feed) throws InterruptedException {
        Feed.Event event = feed.next(LONG);
        assertThat(event).isInstanceOf(Committed.class);
        return ((Committed) event).revision();
    }

    private void awaitSleep() {
        Thread sleeper = null;
        while (sleeper == null || sleeper.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
            sleeper = dispatcher.asleep();
        }
    }
}
