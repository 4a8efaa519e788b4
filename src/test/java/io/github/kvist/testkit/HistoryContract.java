// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.Capability;
import io.github.kvist.api.KvException;
import io.github.kvist.api.Options;
import io.github.kvist.api.Snapshot;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Looking at older commits. */
@Needs(Capability.HISTORY)
abstract class HistoryContract extends StoreContract {

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));

    @Test
    void everyKeptRevisionReadsAsItWas() {
        for (int i = 1; i <= 50; i++) {
            store.in(WORDS).put("k", "" + i);
            put(Person.of("ann", "city" + i));
        }

        for (int i = 1; i <= 50; i++) {
            try (Snapshot snapshot = store.snapshotAt(2 * i)) {
                assertThat(snapshot.revision()).isEqualTo(2L * i);
                assertThat(snapshot.in(WORDS).get("k")).contains("" + i);
                assertThat(snapshot.in(PEOPLE).by(BY_CITY).eq("city" + i).keys())
                        .containsExactly("ann");
                assertThat(snapshot.in(PEOPLE).by(BY_CITY).count("city" + (i + 1)))
                        .isZero();
            }
        }
        try (Snapshot empty = store.snapshotAt(0)) {
            assertThat(empty.in(WORDS).count()).isZero();
        }
    }

    @Test
    void aStoreGoesBackToAnOlderRevisionAlsoAfterAReopening() {
        store.in(WORDS).put("k", "before");
        long revision = store.revision();
        store.in(WORDS).put("k", "after");
        reopen();
        ByteArrayOutputStream image = new ByteArrayOutputStream();
        try (Snapshot before = store.snapshotAt(revision)) {
            before.writeTo(image);
        }

        store.admin().restore(new ByteArrayInputStream(image.toByteArray()), true);

        assertThat(store.in(WORDS).get("k")).contains("before");
        reopen();
        assertThat(store.in(WORDS).get("k")).contains("before");
        assertThat(store.revision()).isGreaterThan(revision + 1);
    }

    @Test
    void aSnapshotOfThePastStaysWhenItsRevisionIsTrimmed() {
        reopen(Options.defaults().history(3));
        store.in(WORDS).put("k", "first");
        try (Snapshot first = store.snapshotAt(1)) {
            for (int i = 0; i < 10; i++) {
                store.in(WORDS).put("k", "later");
            }

            assertThat(first.in(WORDS).get("k")).contains("first");
            assertThatThrownBy(() -> store.snapshotAt(1)).isInstanceOf(KvException.Trimmed.class);
        }
    }

    @Test
    void revisionsOutsideTheHistoryAreTrimmed() {
        reopen(Options.defaults().history(10));
        for (int i = 1; i <= 100; i++) {
            store.in(WORDS).put("k", "" + i);
        }

        assertThatThrownBy(() -> store.snapshotAt(89))
                .isInstanceOf(KvException.Trimmed.class)
                .hasMessageContaining("the oldest that is is 90");
        try (Snapshot oldest = store.snapshotAt(90)) {
            assertThat(oldest.in(WORDS).get("k")).contains("90");
        }
    }

    @Test
    void noHistoryLeavesTheNewestRevision() {
        reopen(Options.defaults().history(0));
        store.in(WORDS).put("k", "1");
        store.in(WORDS).put("k", "2");

        try (Snapshot newest = store.snapshotAt(2)) {
            assertThat(newest.in(WORDS).get("k")).contains("2");
        }
        assertThatThrownBy(() -> store.snapshotAt(1)).isInstanceOf(KvException.Trimmed.class);
    }

    @Test
    void commitsAreKeptForTheirTime() {
        reopen(Options.defaults().clock(now::get).history(Duration.ofMinutes(10)));
        for (int minute = 0; minute < 30; minute++) {
            store.in(WORDS).put("k", "minute " + minute);
            now.updateAndGet(instant -> instant.plusSeconds(60));
        }

        try (Snapshot young = store.snapshotAt(22)) {
            assertThat(young.in(WORDS).get("k")).contains("minute 21");
        }
        assertThatThrownBy(() -> store.snapshotAt(20))
                .isInstanceOf(KvException.Trimmed.class)
                .hasMessageContaining("22");
        now.updateAndGet(instant -> instant.plusSeconds(3600));
        assertThatThrownBy(() -> store.snapshotAt(29)).isInstanceOf(KvException.Trimmed.class);
        store.snapshotAt(30).close();
    }

    @Test
    void eitherOfNumberAndTimeKeepsACommit() {
        reopen(Options.defaults().clock(now::get).history(Duration.ofMinutes(1)).history(5));
        for (int i = 1; i <= 20; i++) {
            store.in(WORDS).put("k", "" + i);
        }
        store.snapshotAt(1).close();

        now.updateAndGet(instant -> instant.plusSeconds(61));
        store.in(WORDS).put("k", "21");

        store.snapshotAt(16).close();
        assertThatThrownBy(() -> store.snapshotAt(15)).isInstanceOf(KvException.Trimmed.class);
    }

    @Test
    void revisionsThatNeverWereAreRefused() {
        assertThatThrownBy(() -> store.snapshotAt(1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("newest is 0");
        assertThatThrownBy(() -> store.snapshotAt(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Options.defaults().history(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Options.defaults().history(Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void historyComesBackFromTheLog() {
        for (int i = 1; i <= 20; i++) {
            store.in(WORDS).put("k", "" + i);
        }

        reopen();

        for (int i = 1; i <= 20; i++) {
            try (Snapshot snapshot = store.snapshotAt(i)) {
                assertThat(snapshot.in(WORDS).get("k")).contains("" + i);
            }
        }
    }

    @Test
    void reopeningBringsBackNoMoreThanIsAskedFor() {
        for (int i = 1; i <= 20; i++) {
            store.in(WORDS).put("k", "" + i);
        }

        reopen(Options.defaults().history(0));
        assertThatThrownBy(() -> store.snapshotAt(19)).isInstanceOf(KvException.Trimmed.class);

        reopen(Options.defaults().history(5));
        store.snapshotAt(15).close();
        assertThatThrownBy(() -> store.snapshotAt(14)).isInstanceOf(KvException.Trimmed.class);
    }

    @Test
    void reopeningBringsBackWhatIsYoungEnough() {
        reopen(Options.defaults().clock(now::get));
        for (int minute = 0; minute < 30; minute++) {
            store.in(WORDS).put("k", "minute " + minute);
            now.updateAndGet(instant -> instant.plusSeconds(60));
        }

        reopen(Options.defaults().clock(now::get).history(Duration.ofMinutes(10)));

        try (Snapshot young = store.snapshotAt(22)) {
            assertThat(young.in(WORDS).get("k")).contains("minute 21");
        }
        assertThatThrownBy(() -> store.snapshotAt(20)).isInstanceOf(KvException.Trimmed.class);
    }
}
