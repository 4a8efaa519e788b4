// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.Durability;
import io.github.kvist.api.KvException;
import io.github.kvist.backend.Operation;
import io.github.kvist.backend.Stored;
import io.github.kvist.engine.Engine;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Chunks may be stored before the journal that tells of them, and never against it. */
final class TargetTest {

    private static final String WORDS = "words";

    private final Engine system = Machine.system();
    private final Target target = new Target(system);

    @BeforeEach
    void begin() {
        target.write(new Plan(List.of(WORDS)), Journal.begun("id", 0));
    }

    @AfterEach
    void close() {
        system.close();
    }

    private void copyUpTo(int i) {
        byte[] key = {(byte) i};
        Operation put = new Operation.Put(target.keyspace(WORDS), key, new byte[] {1}, Stored.NEVER);
        Chunk.Item item = new Chunk.Item(key, new byte[] {1}, 1, Stored.NEVER);
        Chunk chunk = new Chunk(WORDS, Journal.START, new byte[] {(byte) (i + 1)}, List.of(item), i, 0);
        target.copy(List.of(put), target.journal().copied(chunk));
    }

    private Journal stored() {
        return Objects.requireNonNull(new Target(system).read());
    }

    @Test
    void aChunkIsThereBeforeTheJournalTellsOfIt() {
        copyUpTo(1);

        assertThat(system.get(target.keyspace(WORDS), new byte[] {1})).isNotNull();
        assertThat(stored().copied()).isZero();
        assertThat(target.journal().copied()).isEqualTo(1);
    }

    @Test
    void theNextCommitBringsTheJournalAlong() {
        copyUpTo(1);
        copyUpTo(2);

        target.write(List.of(), target.journal().applied(7, 0), Durability.OS);

        assertThat(stored().copied()).isEqualTo(2);
        assertThat(stored().from()).containsExactly(3);
        assertThat(stored().position()).isEqualTo(7);
    }

    @Test
    void theJournalIsNeverFarBehind() {
        for (int i = 1; i <= 100; i++) {
            copyUpTo(i);

            assertThat(stored().copied()).isGreaterThanOrEqualTo(i - 8);
        }
    }

    @Test
    void theEndOfTheCopyIsInTheJournalAtOnce() {
        copyUpTo(1);

        target.copy(List.of(), target.journal().at(Journal.Stage.FOLLOWING));

        assertThat(stored().stage()).isEqualTo(Journal.Stage.FOLLOWING);
        assertThat(stored().copied()).isEqualTo(1);
    }

    @Test
    void aChunkOfAProcessThatWasTakenOverIsRefused() {
        copyUpTo(1);
        Target other = new Target(system);
        other.read();
        other.takeOver();

        assertThatThrownBy(() -> copyUpTo(2)).isInstanceOf(KvException.Locked.class);
        assertThat(system.get(target.keyspace(WORDS), new byte[] {2})).isNull();
    }

    @Test
    void whoTakesOverCopiesAgainWhatTheJournalDoesNotTellOf() {
        copyUpTo(1);
        Target other = new Target(system);
        other.read();
        other.takeOver();

        assertThat(other.journal().copied()).isZero();
        assertThat(other.journal().from()).isEqualTo(Journal.START);
    }
}
