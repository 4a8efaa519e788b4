// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import static io.github.kvist.engine.EngineFixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.Durability;
import io.github.kvist.api.KvException;
import io.github.kvist.api.Options;
import io.github.kvist.api.TransactionOptions;
import io.github.kvist.backend.Branch;
import io.github.kvist.backend.Commit;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Operation;
import io.github.kvist.backend.Stored;
import io.github.kvist.backend.file.FileStorage;
import io.github.kvist.backend.memory.MemoryStorage;
import io.github.kvist.testkit.HeapStorage;
import io.github.kvist.testkit.SimulatedDisk;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CheckpointingTest {

    private static final long AFTER = 10_000;

    private final HeapStorage storage = new HeapStorage();
    private final Engine engine = Engine.open(storage, Options.defaults().checkpointAfter(AFTER));
    private final Keyspace keyspace = engine.keyspace("words");

    @Test
    void theLogIsNeverLongerThanTwiceItsBoundAndOneCommit() {
        for (int i = 0; i < 2000; i++) {
            put("key " + i % 10);

            assertThat(storage.logBytes()).isLessThan(2 * AFTER + 1000);
        }
    }

    @Test
    void theSameHoldsForTransactionsThatTheCallerEnds() {
        for (int i = 0; i < 2000; i++) {
            try (Branch branch = engine.begin(TransactionOptions.defaults())) {
                branch.put(keyspace, bytes("key " + i % 10), new byte[100], Stored.NEVER);
                branch.commit();
            }

            assertThat(storage.logBytes()).isLessThan(2 * AFTER + 1000);
        }
    }

    @Test
    void aFailedCheckpointLeavesCommitsAloneAndIsTriedAgainLater() {
        storage.failCheckpoints(true);
        for (int i = 0; i < 200; i++) {
            put("key " + i % 10);
        }
        storage.failCheckpoints(false);
        for (int i = 0; i < 500; i++) {
            put("key " + i % 10);
        }
        engine.close();

        assertThat(storage.logBytes()).isLessThan(4 * AFTER);
        Engine again = Engine.open(storage, Options.defaults());
        assertThat(again.view().count(again.keyspace("words"), bytes(""), null)).isEqualTo(10);
    }

    @Test
    void theCallerOfACheckpointHearsWhyItFailed() {
        storage.failCheckpoints(true);
        put("k");

        assertThatThrownBy(engine::checkpoint)
                .isInstanceOf(KvException.Unavailable.class)
                .hasMessageContaining("the disk is full");
        put("still writable");
    }

    @Test
    void verifyingReadsTheCheckpointAgain() {
        put("k");
        engine.checkpoint();
        assertThat(engine.verify()).isEmpty();

        storage.damageCheckpoint();

        assertThat(engine.verify())
                .singleElement()
                .satisfies(finding -> assertThat(finding.where()).contains("heap checkpoint"));
    }

    @Test
    void aCheckpointGoesOnWhenItsCallerIsInterrupted() {
        put("k");
        Thread.currentThread().interrupt();

        engine.checkpoint();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(storage.frames()).isZero();
    }

    /** Such a commit is visible before it is in the log, and the log goes on where it ended. */
    @Test
    void aCheckpointIsNeverAheadOfTheLog() {
        SimulatedDisk disk = new SimulatedDisk();
        Engine files = Engine.open(new FileStorage(disk), Options.defaults());
        Keyspace words = files.keyspace("words");
        for (int i = 0; i < 100; i++) {
            Operation put = new Operation.Put(words, bytes("weak " + i), new byte[10], Stored.NEVER);
            files.commit(new Commit(List.of(), List.of(put), Durability.MEMORY));
            files.checkpoint();
        }
        files.close();

        Engine again = Engine.open(new FileStorage(disk), Options.defaults());
        assertThat(again.view().count(again.keyspace("words"), bytes(""), null)).isEqualTo(100);
    }

    @Test
    void aStoreThatKeepsNothingHasNothingToCheckpoint() {
        Engine memory = Engine.open(new MemoryStorage(), Options.defaults());

        memory.checkpoint();

        assertThat(memory.verify()).isEmpty();
        assertThat(memory.recovery().clean()).isTrue();
    }

    private void put(String key) {
        Operation put = new Operation.Put(keyspace, bytes(key), new byte[100], Stored.NEVER);
        engine.commit(new Commit(List.of(), List.of(put), Durability.SYNC));
    }
}
