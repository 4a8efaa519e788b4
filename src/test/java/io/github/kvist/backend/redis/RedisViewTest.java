// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.redis;

import static io.github.kvist.backend.redis.Stores.bytes;
import static io.github.kvist.backend.redis.Stores.commit;
import static io.github.kvist.backend.redis.Stores.delete;
import static io.github.kvist.backend.redis.Stores.keys;
import static io.github.kvist.backend.redis.Stores.put;
import static io.github.kvist.backend.redis.Stores.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.Durability;
import io.github.kvist.api.KvException;
import io.github.kvist.api.Options;
import io.github.kvist.backend.EntryCursor;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.View;
import io.github.kvist.servers.Servers;
import io.github.kvist.testkit.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Views of a server without snapshots: they follow the newest revision as long as nothing that they have shown changes. */
final class RedisViewTest {

    private static final Instant START = Instant.parse("2026-03-01T08:00:00Z");

    private final SettableClock clock = new SettableClock(START);
    private final RedisBackend backend = Stores.open(
            Servers.redis().uri(Stores.newName()),
            Options.defaults().clock(clock).history(100));
    private final Keyspace words = backend.keyspace("t/words");

    @AfterEach
    void close() {
        backend.close();
    }

    @Test
    void aViewGoesOnAtANewerRevisionWhereNothingThatItHasShownChanged() {
        backend.commit(commit(put(words, "a", "1"), put(words, "b", "1")));
        try (View view = backend.view()) {
            assertThat(value(view, words, "a")).isEqualTo("1");
            long before = view.revision();
            backend.commit(commit(put(words, "b", "2")));

            assertThat(value(view, words, "b")).isEqualTo("2");

            assertThat(view.revision()).isEqualTo(before + 1);
        }
    }

    @Test
    void aViewEndsWhenAKeyThatItHasShownChanged() {
        backend.commit(commit(put(words, "a", "1"), put(words, "b", "1")));
        try (View view = backend.view()) {
            assertThat(value(view, words, "a")).isEqualTo("1");
            backend.commit(commit(put(words, "a", "2"), put(words, "b", "2")));

            assertThatThrownBy(() -> view.get(words, bytes("b"))).isInstanceOf(KvException.Conflict.class);
            assertThatThrownBy(() -> view.get(words, bytes("c"))).isInstanceOf(KvException.Conflict.class);
        }
    }

    @Test
    void aKeyThatWasNotThereIsShownToo() {
        try (View view = backend.view()) {
            assertThat(value(view, words, "a")).isEqualTo("nothing");
            backend.commit(commit(put(words, "a", "1")));

            assertThatThrownBy(() -> view.get(words, bytes("b"))).isInstanceOf(KvException.Conflict.class);
        }
    }

    @Test
    void aScanEndsWhenWritersMoveTheRangeBehindIt() {
        fill(500);
        try (View view = backend.view();
                EntryCursor entries = view.scan(words, new byte[0], null, false)) {
            assertThat(entries.advance()).isTrue();
            backend.commit(commit(delete(words, "k001")));

            assertThatThrownBy(() -> drain(entries)).isInstanceOf(KvException.Conflict.class);
        }
    }

    @Test
    void aScanShowsWhatWritersPutAheadOfIt() {
        fill(500);
        for (boolean reverse : new boolean[] {false, true}) {
            try (View view = backend.view();
                    EntryCursor entries = view.scan(words, new byte[0], null, reverse)) {
                assertThat(entries.advance()).isTrue();
                backend.commit(commit(put(words, "k250+" + reverse, "ahead")));

                assertThat(1 + drain(entries)).isEqualTo(reverse ? 502 : 501);
            }
        }
    }

    @Test
    void whatASeekLeftOutMayChange() {
        fill(500);
        try (View view = backend.view();
                EntryCursor entries = view.scan(words, new byte[0], null, false)) {
            assertThat(entries.advance()).isTrue();
            entries.seek(bytes("k400"));
            backend.commit(commit(put(words, "k300", "changed")));

            assertThat(drain(entries)).isEqualTo(100);
        }
    }

    @Test
    void aCountIsARead() {
        fill(3);
        try (View view = backend.view()) {
            assertThat(view.count(words, bytes("k001"), null)).isEqualTo(2);
            backend.commit(commit(put(words, "k0", "outside")));
            assertThat(view.count(words, bytes("k001"), null)).isEqualTo(2);
            backend.commit(commit(put(words, "k0015", "inside")));

            assertThatThrownBy(() -> view.get(words, bytes("z"))).isInstanceOf(KvException.Conflict.class);
        }
    }

    @Test
    void aViewThatIsOlderThanTheHistoryEnds() {
        fill(2);
        try (View view = backend.view()) {
            assertThat(value(view, words, "k000")).isEqualTo("v");
            for (int i = 0; i < 300; i++) {
                backend.commit(commit(put(words, "elsewhere", "" + i)));
            }

            assertThatThrownBy(() -> view.get(words, bytes("k001"))).isInstanceOf(KvException.Conflict.class);
        }
    }

    @Test
    void aViewSurvivesMoreCommitsThanOneAnswerTells() {
        fill(2);
        try (RedisBackend patient = Stores.open(Servers.redis().uri(Stores.newName()), Options.defaults());
                View view = patient.view()) {
            Keyspace own = patient.keyspace("t/own");
            assertThat(value(view, own, "a")).isEqualTo("nothing");
            for (int i = 0; i < 350; i++) {
                patient.commit(commit(put(own, "b", "" + i)));
            }

            assertThat(value(view, own, "b")).isEqualTo("349");
            assertThat(view.revision()).isEqualTo(350);
        }
    }

    @Test
    void theSweepOfWhatAViewSawAsGoneIsNoChange() {
        backend.commit(commit(put(words, "due", "1", clock.millis() + 10), put(words, "kept", "1")));
        clock.move(Duration.ofMillis(10));
        try (View view = backend.view()) {
            assertThat(keys(view, words, false)).containsExactly("kept");
            assertThat(backend.sweep(name -> true, Durability.MEMORY)).isEqualTo(1);

            assertThat(keys(view, words, true)).containsExactly("kept");
        }
    }

    @Test
    void theSweepOfWhatAViewSawAliveEndsIt() {
        backend.commit(commit(put(words, "due", "1", clock.millis() + 10), put(words, "kept", "1")));
        try (View view = backend.view()) {
            assertThat(keys(view, words, false)).containsExactly("due", "kept");
            clock.move(Duration.ofMillis(10));
            assertThat(keys(view, words, false)).containsExactly("due", "kept");
            assertThat(backend.sweep(name -> true, Durability.MEMORY)).isEqualTo(1);

            assertThatThrownBy(() -> view.get(words, bytes("kept"))).isInstanceOf(KvException.Conflict.class);
        }
    }

    @Test
    void aWholeScanUnderWritersShowsOneRevisionOrNone() throws Exception {
        // Each commit moves one entry, so that every revision has 300 of them.
        fill(300);
        AtomicBoolean isOver = new AtomicBoolean();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            for (int i = 0; !isOver.get(); i++) {
                String key = "k%03d".formatted(i % 300);
                backend.commit(commit(delete(words, key), put(words, key + "+" + i, "moved")));
                backend.commit(commit(delete(words, key + "+" + i), put(words, key, "v")));
            }
        });
        int whole = 0;
        for (int i = 0; i < 200; i++) {
            try (View view = backend.view()) {
                assertThat(keys(view, words, i % 2 == 0)).hasSize(300);
                whole++;
            } catch (KvException.Conflict moved) {
                // The other thing that may happen.
            }
        }
        isOver.set(true);
        writer.get();

        try (View view = backend.view()) {
            assertThat(keys(view, words, false)).hasSize(300);
        }
        assertThat(whole).isPositive();
    }

    private void fill(int count) {
        for (int i = 0; i < count; i++) {
            backend.commit(commit(put(words, "k%03d".formatted(i), "v")));
        }
    }

    private static int drain(EntryCursor entries) {
        int count = 0;
        while (entries.advance()) {
            count++;
        }
        return count;
    }
}
