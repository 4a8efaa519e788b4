// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import static io.github.kvist.engine.EngineFixture.bytes;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.Durability;
import io.github.kvist.api.Options;
import io.github.kvist.backend.Commit;
import io.github.kvist.backend.KeyChange;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Operation;
import io.github.kvist.backend.View;
import io.github.kvist.testkit.HeapStorage;
import io.github.kvist.testkit.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Differences between views when time has passed between them: what is due shows as expired, with or without a commit. */
final class DifferenceInTimeTest {
    private static final long START = 1_000_000;

    private final SettableClock clock = new SettableClock(Instant.ofEpochMilli(START));
    private final Engine engine =
            Engine.open(new HeapStorage(), Options.defaults().clock(clock));
    private final Keyspace words = engine.keyspace("words");

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void timeAloneExpires() {
        put("a", 10);
        put("b", 20);
        put("c", Long.MAX_VALUE - START);
        View before = engine.view();
        clock.move(Duration.ofMillis(10));

        assertThat(between(before, engine.view())).containsExactly("a expired");

        clock.move(Duration.ofMillis(10));
        View after = engine.view();
        assertThat(between(before, after)).containsExactly("a expired", "b expired");
        assertThat(between(after, before)).containsExactly("a put", "b put");
    }

    @Test
    void whatWasDueBeforeBothViewsIsNoDifference() {
        put("a", 10);
        clock.move(Duration.ofMillis(15));
        View before = engine.view();
        put("b", 10);
        clock.move(Duration.ofMillis(20));

        assertThat(between(before, engine.view())).isEmpty();
    }

    @Test
    void deletedBeforeItWasDueIsDeleted() {
        put("a", 10);
        put("b", 1_000);
        View before = engine.view();
        delete("b");
        clock.move(Duration.ofMillis(10));
        delete("a");
        clock.move(Duration.ofMillis(10));

        assertThat(between(before, engine.view())).containsExactly("a expired", "b deleted");
    }

    @Test
    void changedAndThenDueIsExpired() {
        put("a", 1_000);
        View before = engine.view();
        put("a", 10);
        clock.move(Duration.ofMillis(10));

        assertThat(between(before, engine.view())).containsExactly("a expired");
    }

    @Test
    void sweptIsExpired() {
        put("a", 10);
        View before = engine.view();
        clock.move(Duration.ofMillis(10));
        assertThat(engine.sweep(name -> true, Durability.SYNC)).isEqualTo(1);

        assertThat(between(before, engine.view())).containsExactly("a expired");
    }

    @Test
    void manyKeysThatAreDueStandInTheirPlaceAmongThoseThatChanged() {
        List<String> expected = new ArrayList<>();
        for (int i = 100; i < 600; i++) {
            put("k" + i, i % 2 == 0 ? 10 : 1_000_000);
        }
        View before = engine.view();
        for (int i = 100; i < 600; i += 5) {
            put("k" + i, 1_000_000);
        }
        for (int i = 100; i < 600; i++) {
            if (i % 5 == 0) {
                expected.add("k" + i + " put");
            } else if (i % 2 == 0) {
                expected.add("k" + i + " expired");
            }
        }
        clock.move(Duration.ofMillis(10));

        assertThat(between(before, engine.view())).isEqualTo(expected);
    }

    @Test
    void differenceThatHasEndedHasNoNext() {
        Iterator<KeyChange> none = engine.diff(engine.view(), engine.view(), "");

        assertThat(none.hasNext()).isFalse();
        assertThatThrownBy(none::next).isInstanceOf(NoSuchElementException.class);
    }

    private void put(String key, long millis) {
        engine.commit(new Commit(
                List.of(),
                List.of(new Operation.Put(
                        words, bytes(key), bytes("v"), clock.instant().toEpochMilli() + millis)),
                Durability.SYNC));
    }

    private void delete(String key) {
        engine.commit(new Commit(List.of(), List.of(new Operation.Delete(words, bytes(key))), Durability.SYNC));
    }

    private List<String> between(View before, View after) {
        List<String> changes = new ArrayList<>();
        engine.diff(before, after, "").forEachRemaining(change -> {
            String what = change.expired() ? "expired" : change.after() == null ? "deleted" : "put";
            changes.add(new String(change.key(), UTF_8) + " " + what);
        });
        return changes;
    }
}
