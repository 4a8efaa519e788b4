// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.histories;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.faults.Campaign;
import io.github.kvist.faults.Scale;
import io.github.kvist.testkit.History.End;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever threads do to a store, through reopenings, power cuts, disk errors and leaps of the clock: it is a strictly serializable history. */
@Tag("campaign")
final class HistoriesTest {

    /** Says of each checkpoint that a broken disk refused. Held, for a logger that nobody holds forgets its level. */
    private static final Logger CHECKPOINTS = Logger.getLogger("io.github.kvist.engine.Checkpointer");

    @BeforeAll
    static void expectCheckpointsToFail() {
        CHECKPOINTS.setLevel(Level.OFF);
    }

    @AfterAll
    static void listenAgain() {
        CHECKPOINTS.setLevel(null);
    }

    @TempDir
    private Path directory;

    @Test
    @Timeout(value = 24, unit = TimeUnit.HOURS)
    void everyHistoryIsOneThatItsIsolationAllows() throws Exception {
        int histories = Scale.pick(14, 504, 50_000);
        int transactions = Scale.pick(500, 2000, 2000);
        Campaign campaign = new Campaign("histories");

        for (int number = 0; number < histories; number++) {
            Recording recording = new Recording(number, transactions, directory);
            assertThat(recording.run()).as(recording.toString()).isEmpty();
            campaign.count("histories");
            campaign.count("reopenings", recording.parts());
            campaign.count("committed", recording.recorder().ended(End.COMMITTED));
            campaign.count("not committed", recording.recorder().ended(End.ABORTED));
            campaign.count("of unknown outcome", recording.recorder().ended(End.UNKNOWN));
        }

        campaign.atLeast("histories", histories)
                .atLeast("committed", (long) histories * transactions * 3 / 4)
                .atLeast("of unknown outcome", histories / 14)
                .end();
    }
}
