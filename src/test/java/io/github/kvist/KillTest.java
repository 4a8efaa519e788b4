// SPDX-License-Identifier: Apache-2.0
package io.github.kvist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.api.Expiry;
import io.github.kvist.api.Index;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.RecoveryReport;
import io.github.kvist.api.Table;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that commits is killed; what it had acknowledged is there, in whole transactions, with its indexes and deadlines. */
@Timeout(120)
class KillTest {

    private static final int ROUNDS = 5;
    private static final int PER_TRANSACTION = 3;

    private static final Index<String, Long> BY_ROUND = Index.of("by_round", Keys.int64(), KillTest::roundOf);
    private static final Table<Long, String> LINES =
            Table.of("lines", Keys.int64(), Values.string()).with(BY_ROUND);

    @TempDir
    private Path directory;

    @Test
    void whatWasAcknowledgedSurvivesTheKill() throws Exception {
        Random random = new Random(7);
        for (int round = 0; round < ROUNDS; round++) {
            long acknowledged = commitUntilKilled(50 + random.nextInt(400));
            check(acknowledged);
        }
    }

    private void check(long acknowledged) {
        try (KvStore store = Kvist.open("file:" + directory.resolve("app"), small())) {
            RecoveryReport recovery = store.admin().recovery();
            assertThat(recovery.clean()).isFalse();
            long count = store.in(LINES).count();
            assertThat(count).isGreaterThanOrEqualTo(acknowledged).isEqualTo(recovered(store));
            assertThat(count % PER_TRANSACTION).isZero();
            assertThat(store.in(LINES).scan().stream())
                    .allMatch(line -> deadlineOf(line.key()).equals(line.expiresAt()));
            assertThat(store.admin().verify().findings()).isEmpty();
        }
    }

    private static long recovered(KvStore store) {
        long byIndex = 0;
        for (long round = 0; round < 10; round++) {
            byIndex += store.in(LINES).by(BY_ROUND).count(round);
        }
        return byIndex;
    }

    private long commitUntilKilled(int acknowledgements) throws IOException, InterruptedException {
        Path log = Files.createTempFile(directory, "child", ".err");
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Committing.class.getName(),
                        directory.resolve("app").toString())
                .redirectError(log.toFile())
                .start();
        long acknowledged = 0;
        try (BufferedReader lines = child.inputReader(StandardCharsets.UTF_8)) {
            String line;
            for (int seen = 0; seen < acknowledgements && (line = lines.readLine()) != null; seen++) {
                acknowledged = Long.parseLong(line);
            }
            child.toHandle().destroyForcibly(); // unlike that of Process, leaves the streams open
            // Acknowledgements that were on their way count too.
            while ((line = lines.readLine()) != null) {
                acknowledged = line.isEmpty() ? acknowledged : Math.max(acknowledged, whole(line, acknowledged));
            }
        }
        assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(acknowledged).as(Files.readString(log)).isPositive();
        return acknowledged;
    }

    /** The last line may have been cut by the kill. */
    private static long whole(String line, long before) {
        long number = Long.parseLong(line);
        return number == before + PER_TRANSACTION ? number : before;
    }

    private static Long roundOf(String line) {
        return Long.parseLong(line) % 10;
    }

    private static Instant deadlineOf(long line) {
        return Instant.parse("2999-01-01T00:00:00Z").plusMillis(line);
    }

    private static Options small() {
        return Options.defaults().checkpointAfter(64 << 10);
    }

    /** What runs in the child. */
    static final class Committing {

        private Committing() {}

        public static void main(String[] arguments) {
            KvStore store = Kvist.open("file:" + arguments[0], small());
            for (long next = store.in(LINES).count(); ; next += PER_TRANSACTION) {
                long first = next;
                store.update(transaction -> {
                    for (long i = first; i < first + PER_TRANSACTION; i++) {
                        transaction.in(LINES).put(i, String.valueOf(i), Expiry.at(deadlineOf(i)));
                    }
                });
                System.out.println(first + PER_TRANSACTION);
            }
        }
    }
}
