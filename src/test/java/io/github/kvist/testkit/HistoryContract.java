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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Looking at older commits. */
@Needs(Capability.HISTORY)
abstract class HistoryContract extends StoreContract {

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2040-01-01T00:00:00Z"));

    /** The revision before the first {@link #put}, and that of each. */
    private final List<Long> revisions = new ArrayList<>();

    private void put(String value) {
        if (revisions.isEmpty()) {
            revisions.add(store.revision());
        }
        store.in(WORDS).put("k", value);
        revisions.add(store.revision());
    }

    /** The store as the {@code n}-th put left it. */
    private Snapshot at(int n) {
        return store.snapshotAt(revisions.get(n));
    }

    @Test
    void everyKeptRevisionReadsAsItWas() {
        long start = store.revision();
        for (int i = 1; i <= 50; i++) {
            put(Person.of("ann", "city" + i));
            put("" + i);
        }

        for (int i = 1; i <= 50; i++) {
            try (Snapshot snapshot = at(i)) {
                assertThat(snapshot.revision()).isEqualTo(revisions.get(i));
                assertThat(snapshot.in(WORDS).get("k")).contains("" + i);
                assertThat(snapshot.in(PEOPLE).by(BY_CITY).eq("city" + i).keys())
                        .containsExactly("ann");
                assertThat(snapshot.in(PEOPLE).by(BY_CITY).count("city" + (i + 1)))
                        .isZero();
            }
        }
        try (Snapshot empty = store.snapshotAt(start)) {
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
        put("first");
        try (Snapshot first = at(1)) {
            for (int i = 0; i < 10; i++) {
                put("later");
            }

            assertThat(first.in(WORDS).get("k")).contains("first");
            assertThatThrownBy(() -> at(1)).isInstanceOf(KvException.Trimmed.class);
        }
    }

    @Test
    void revisionsOutsideTheHistoryAreTrimmed() {
        reopen(Options.defaults().history(10));
        for (int i = 1; i <= 100; i++) {
            put("" + i);
        }

        assertThatThrownBy(() -> at(89))
                .isInstanceOf(KvException.Trimmed.class)
                .hasMessageContaining("the oldest that is is " + revisions.get(90));
        try (Snapshot oldest = at(90)) {
            assertThat(oldest.in(WORDS).get("k")).contains("90");
        }
    }

    @Test
    void noHistoryLeavesTheNewestRevision() {
        reopen(Options.defaults().history(0));
        put("1");
        put("2");

        try (Snapshot newest = at(2)) {
            assertThat(newest.in(WORDS).get("k")).contains("2");
        }
        assertThatThrownBy(() -> at(1)).isInstanceOf(KvException.Trimmed.class);
    }

    @Test
    void commitsAreKeptForTheirTime() {
        reopen(Options.defaults().clock(now::get).history(Duration.ofMinutes(10)));
        for (int minute = 0; minute < 30; minute++) {
            put("minute " + minute);
            now.updateAndGet(instant -> instant.plusSeconds(60));
        }

        try (Snapshot young = at(22)) {
            assertThat(young.in(WORDS).get("k")).contains("minute 21");
        }
        assertThatThrownBy(() -> at(20))
                .isInstanceOf(KvException.Trimmed.class)
                .hasMessageContaining("" + revisions.get(22));
        now.updateAndGet(instant -> instant.plusSeconds(3600));
        assertThatThrownBy(() -> at(29)).isInstanceOf(KvException.Trimmed.class);
        at(30).close();
    }

    @Test
    void eitherOfNumberAndTimeKeepsACommit() {
        reopen(Options.defaults().clock(now::get).history(Duration.ofMinutes(1)).history(5));
        for (int i = 1; i <= 20; i++) {
            put("" + i);
        }
        at(1).close();

        now.updateAndGet(instant -> instant.plusSeconds(61));
        put("21");

        at(16).close();
        assertThatThrownBy(() -> at(15)).isInstanceOf(KvException.Trimmed.class);
    }

    @Test
    void revisionsThatNeverWereAreRefused() {
        long newest = store.revision();
        assertThatThrownBy(() -> store.snapshotAt(newest + 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("newest is " + newest);
        assertThatThrownBy(() -> store.snapshotAt(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Options.defaults().history(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Options.defaults().history(Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void historyComesBackFromTheLog() {
        for (int i = 1; i <= 20; i++) {
            put("" + i);
        }

        reopen();

        for (int i = 1; i <= 20; i++) {
            try (Snapshot snapshot = at(i)) {
                assertThat(snapshot.in(WORDS).get("k")).contains("" + i);
            }
        }
    }

    @Test
    void reopeningBringsBackNoMoreThanIsAskedFor() {
        for (int i = 1; i <= 20; i++) {
            put("" + i);
        }

        reopen(Options.defaults().history(0));
        assertThatThrownBy(() -> at(19)).isInstanceOf(KvException.Trimmed.class);

        reopen(Options.defaults().history(5));
        at(15).close();
        assertThatThrownBy(() -> at(14)).isInstanceOf(KvException.Trimmed.class);
    }

    @Test
    void reopeningBringsBackWhatIsYoungEnough() {
        reopen(Options.defaults().clock(now::get));
        for (int minute = 0; minute < 30; minute++) {
            put("minute " + minute);
            now.updateAndGet(instant -> instant.plusSeconds(60));
        }

        reopen(Options.defaults().clock(now::get).history(Duration.ofMinutes(10)));

        try (Snapshot young = at(22)) {
            assertThat(young.in(WORDS).get("k")).contains("minute 21");
        }
        assertThatThrownBy(() -> at(20)).isInstanceOf(KvException.Trimmed.class);
    }
}
