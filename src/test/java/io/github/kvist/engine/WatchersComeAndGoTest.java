// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import static io.github.kvist.engine.EngineFixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.Durability;
import io.github.kvist.api.KvException.Conflict;
import io.github.kvist.backend.ChangeFeed.Scope;
import io.github.kvist.backend.Commit;
import io.github.kvist.backend.Feed;
import io.github.kvist.backend.Feed.Event;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Operation;
import io.github.kvist.backend.Range;
import io.github.kvist.backend.Stored;
import io.github.kvist.backend.Unchanged;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Watches of keyspaces that others write to, watches that end, and what was read in revisions that nobody has any more. */
@Timeout(60)
final class WatchersComeAndGoTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final EngineFixture store = EngineFixture.fresh();
    private final Keyspace others = store.engine.keyspace("others");

    @AfterEach
    void close() {
        store.engine.close();
    }

    @Test
    void commitsToAnotherKeyspaceDoNotConcernAWatch() throws InterruptedException {
        putOther("z");
        putOther("y");
        try (Feed words = follow(new Range(store.words, bytes(""), null));
                Feed broad = follow(new Scope.Keyspaces("w"))) {
            putOther("a");
            store.put("b", "1");

            assertThat(revisionOf(words.next(LONG))).isEqualTo(4);
            assertThat(revisionOf(broad.next(LONG))).isEqualTo(4);
        }
    }

    @Test
    void watchThatEndedIsToldNothingAndOthersGoOn() throws InterruptedException {
        store.put("a", "0");
        Feed ended = follow(new Range(store.words, bytes(""), null));
        try (Feed other = follow(new Range(others, bytes(""), null))) {
            assertThat(store.engine.figures().watches().open()).isEqualTo(2);
            ended.close();
            assertThat(store.engine.figures().watches().open()).isEqualTo(1);

            store.put("a", "1");
            putOther("b");
            putOther("c");

            assertThat(revisionOf(other.next(LONG))).isEqualTo(3);
            assertThat(revisionOf(other.next(LONG))).isEqualTo(4);
        }
        assertThat(store.engine.figures().watches().open()).isZero();
    }

    @Test
    void secondConsumerDoesNotWaitLongerThanItWants() throws InterruptedException {
        try (Feed feed = follow(new Range(store.words, bytes(""), null))) {
            Thread first = new Thread(() -> {
                try {
                    assertThat(feed.next(LONG)).isNotNull();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            first.start();
            while (first.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }

            assertThat(feed.next(Duration.ZERO)).isNull();

            store.put("a", "1");
            first.join();
        }
    }

    @Test
    void whatWasReadInARevisionThatIsGoneMayHaveChanged() {
        store.put("a", "1");
        Unchanged unchanged = new Unchanged(999, 0, List.of(new Range(store.words, bytes(""), null)));
        Commit commit = new Commit(List.of(), unchanged, List.of(store.putOf("b", "2")), Durability.SYNC);

        assertThatThrownBy(() -> store.engine.commit(commit))
                .isInstanceOf(Conflict.class)
                .hasMessageContaining("may have been changed after revision 999");
        assertThat(store.get("b")).isNull();
    }

    @Test
    void whatWasReadAndChangedSinceIsAConflict() {
        store.put("a", "1");
        store.put("b", "1");
        Unchanged read = new Unchanged(1, 0, List.of(new Range(store.words, bytes("b"), bytes("c"))));
        Unchanged unread = new Unchanged(1, 0, List.of(new Range(store.words, bytes("c"), null)));

        assertThatThrownBy(() -> store.engine.commit(
                        new Commit(List.of(), read, List.of(store.putOf("x", "2")), Durability.SYNC)))
                .isInstanceOf(Conflict.class)
                .hasMessageContaining("was changed after revision 1");
        assertThat(store.engine.commit(new Commit(List.of(), unread, List.of(store.putOf("x", "2")), Durability.SYNC)))
                .isEqualTo(3);
    }

    private Feed follow(Scope scope) {
        return store.engine.follow(scope, OptionalLong.empty(), 100);
    }

    private void putOther(String key) {
        store.engine.commit(new Commit(
                List.of(), List.of(new Operation.Put(others, bytes(key), bytes("v"), Stored.NEVER)), Durability.SYNC));
    }

    private static long revisionOf(Event event) {
        assertThat(event).isInstanceOf(Event.Committed.class);
        return ((Event.Committed) event).revision();
    }
}
