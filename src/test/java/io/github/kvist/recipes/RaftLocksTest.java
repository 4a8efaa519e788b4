// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.recipes;

import static io.github.kvist.recipes.RaftLocks.LOCKS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.KvException;
import io.github.kvist.api.Snapshot;
import io.github.kvist.recipes.RaftLocks.Acquire;
import io.github.kvist.recipes.RaftLocks.Command;
import io.github.kvist.recipes.RaftLocks.LogEntry;
import io.github.kvist.recipes.RaftLocks.Release;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RaftLocksTest {

    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration LEASE = Duration.ofSeconds(10);
    private static final Optional<Boolean> GRANTED = Optional.of(true);
    private static final Optional<Boolean> REFUSED = Optional.of(false);

    private final RaftLocks replica = new RaftLocks();
    private final RaftLocks other = new RaftLocks();
    private long index;

    @AfterEach
    void close() {
        replica.close();
        other.close();
    }

    @Test
    void aLockHasOneOwnerUntilItIsReleased() {
        assertThat(replica.apply(at(0, acquire("a", "ann")))).isEqualTo(GRANTED);
        assertThat(replica.apply(at(0, acquire("a", "bob")))).isEqualTo(REFUSED);
        assertThat(replica.apply(at(0, new Release("a", "bob")))).isEqualTo(REFUSED);
        assertThat(replica.apply(at(0, new Release("a", "ann")))).isEqualTo(GRANTED);
        assertThat(replica.apply(at(0, acquire("a", "bob")))).isEqualTo(GRANTED);

        assertThat(replica.ownerOf("a")).contains("bob");
        assertThat(replica.locksOf("ann")).isEmpty();
        assertThat(replica.locksOf("bob")).containsExactly("a");
    }

    @Test
    void leasesEndByTheTimeOfTheLog() {
        replica.apply(at(0, acquire("a", "ann")));

        assertThat(replica.apply(at(9_999, acquire("a", "bob")))).isEqualTo(REFUSED);
        assertThat(replica.apply(at(10_000, acquire("a", "bob")))).isEqualTo(GRANTED);
    }

    @Test
    void anOwnerRenewsItsLease() {
        replica.apply(at(0, acquire("a", "ann")));
        assertThat(replica.apply(at(5_000, acquire("a", "ann")))).isEqualTo(GRANTED);

        assertThat(replica.apply(at(14_999, acquire("a", "bob")))).isEqualTo(REFUSED);
        assertThat(replica.apply(at(15_000, acquire("a", "bob")))).isEqualTo(GRANTED);
    }

    @Test
    void timeDoesNotGoBackWithANewLeader() {
        replica.apply(at(0, acquire("a", "ann")));
        replica.apply(at(5_000, new Release("x", "nobody")));
        replica.apply(at(1_000, acquire("b", "ann")));

        assertThat(replica.apply(at(14_999, acquire("b", "bob")))).isEqualTo(REFUSED);
        assertThat(replica.apply(at(15_000, acquire("b", "bob")))).isEqualTo(GRANTED);
    }

    @Test
    void anEntryIsAppliedOnce() {
        LogEntry acquired = at(0, acquire("a", "ann"));
        LogEntry released = at(0, new Release("a", "ann"));
        replica.apply(acquired);
        replica.apply(released);

        assertThat(replica.apply(acquired)).isEmpty();

        assertThat(replica.ownerOf("a")).isEmpty();
        assertThat(replica.lastApplied()).isEqualTo(2);
    }

    @Test
    void replicasOfOneLogAgreeOnAnswersKeysValuesAndDeadlines() {
        List<LogEntry> log = log(2_000);
        List<Optional<Boolean>> answers = new ArrayList<>();
        log.forEach(entry -> answers.add(replica.apply(entry)));

        for (int i = 0; i < log.size(); i++) {
            assertThat(other.apply(log.get(i))).isEqualTo(answers.get(i));
        }

        assertThat(answers).contains(GRANTED, REFUSED);
        assertThat(state(other)).isNotEmpty().isEqualTo(state(replica));
    }

    @Test
    void aReplicaThatWasRestoredGoesOnLikeTheOthers() throws Exception {
        List<LogEntry> log = log(2_000);
        other.apply(new LogEntry(1, START.minusSeconds(100), acquire("stale", "nobody")));
        log.subList(0, 1_000).forEach(replica::apply);
        byte[] image;
        try (Snapshot snapshot = replica.snapshot()) {
            log.subList(1_000, 1_500).forEach(replica::apply);
            image = image(snapshot);
        }

        other.restore(new ByteArrayInputStream(image));
        assertThat(other.lastApplied()).isEqualTo(1_000);
        log.subList(900, 2_000).forEach(other::apply);
        log.subList(1_500, 2_000).forEach(replica::apply);

        assertThat(state(other)).isNotEmpty().isEqualTo(state(replica));
        assertThat(other.ownerOf("stale")).isEmpty();
        for (int owner = 0; owner < 4; owner++) {
            assertThat(other.locksOf("owner " + owner)).isEqualTo(replica.locksOf("owner " + owner));
        }
    }

    @Test
    void timeGoesOnFromTheSnapshot() {
        replica.apply(at(0, acquire("a", "ann")));
        replica.apply(at(5_000, new Release("x", "nobody")));
        try (Snapshot snapshot = replica.snapshot()) {
            other.restore(new ByteArrayInputStream(image(snapshot)));
        }

        LogEntry behind = at(1_000, acquire("b", "ann"));
        replica.apply(behind);
        other.apply(behind);

        assertThat(state(other)).isEqualTo(state(replica));
    }

    @Test
    void aDamagedImageChangesNothing() {
        replica.apply(at(0, acquire("a", "ann")));
        byte[] image;
        try (Snapshot snapshot = replica.snapshot()) {
            image = image(snapshot);
        }
        image[image.length / 2] ^= 1;
        other.apply(new LogEntry(1, START, acquire("b", "bob")));

        assertThatThrownBy(() -> other.restore(new ByteArrayInputStream(image)))
                .isInstanceOf(KvException.Corrupt.class);

        assertThat(other.ownerOf("b")).contains("bob");
        assertThat(other.ownerOf("a")).isEmpty();
    }

    @Test
    void aSweepOfOneReplicaChangesItsRevisionsAndNothingElse() {
        for (LogEntry entry : log(2_000)) {
            Optional<Boolean> answer = replica.apply(entry);
            other.store.admin().sweep();
            assertThat(other.apply(entry)).isEqualTo(answer);
        }

        assertThat(state(other)).isNotEmpty().isEqualTo(state(replica));
        assertThat(other.store.revision()).isGreaterThan(replica.store.revision());
    }

    private LogEntry at(long millis, Command command) {
        return new LogEntry(++index, START.plusMillis(millis), command);
    }

    private static Acquire acquire(String lock, String owner) {
        return new Acquire(lock, owner, LEASE);
    }

    /** Commands that often meet a held lock, a lapsed one and a free one; now and then the time goes back a little. */
    private static List<LogEntry> log(int entries) {
        Random random = new Random(7);
        List<LogEntry> log = new ArrayList<>();
        Instant time = START;
        for (int i = 1; i <= entries; i++) {
            time = time.plusMillis(random.nextInt(1_000) - 100);
            String lock = "lock " + random.nextInt(20);
            String owner = "owner " + random.nextInt(4);
            log.add(new LogEntry(i, time, random.nextInt(4) == 0 ? new Release(lock, owner) : acquire(lock, owner)));
        }
        return log;
    }

    private static List<Held> state(RaftLocks locks) {
        return locks.store.in(LOCKS).scan().stream()
                .map(entry -> new Held(entry.key(), entry.value(), entry.expiresAt()))
                .toList();
    }

    private static byte[] image(Snapshot snapshot) {
        ByteArrayOutputStream image = new ByteArrayOutputStream();
        snapshot.writeTo(image);
        return image.toByteArray();
    }

    /** What replicas agree on: all of an entry but its version. */
    private record Held(String lock, String owner, Instant until) {}
}
