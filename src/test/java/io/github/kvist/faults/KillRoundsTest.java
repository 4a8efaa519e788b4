// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes that write from several threads are killed again and again, by the system and without notice, also while they open
 * what the one before left. The oracle is here, outside: what was acknowledged is there, whole commits only, indexes right.
 */
@Tag("campaign")
final class KillRoundsTest {

    private static final int ROUNDS = Scale.pick(3, 110, 20_000);

    private static final int ACKNOWLEDGEMENTS_MAX = 3_000;
    private static final long OPENING_NANOS_MAX = 700_000_000;

    @TempDir
    private Path directory;

    private final Campaign campaign = new Campaign("kill -9 with an oracle in another process");
    private final Random random = new Random(Scale.now() == Scale.SOAK ? System.nanoTime() : 5);
    private final Shop.Model model = new Shop.Model();

    @Test
    void whatWasAcknowledgedSurvivesEveryKill() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Acknowledged acknowledged = new Acknowledged(model);
            runUntilKilled(acknowledged, round % 3 == 1);
            new ShopInspection(copy(round), campaign).check(model, acknowledged);
            campaign.count("kills");
        }
        campaign.atLeast("kills", ROUNDS).atLeast("acknowledged commits", 10L * ROUNDS);
        campaign.end();
    }

    /** Most are killed after some number of commits, some at a moment at which they may not have opened the store yet. */
    private void runUntilKilled(Acknowledged acknowledged, boolean early) throws IOException, InterruptedException {
        Path errors = directory.resolve("errors");
        try (Child child = Child.start(errors, List.of("-Xmx64m"), Shopping.class, arguments())) {
            if (early) {
                LockSupport.parkNanos(random.nextLong(OPENING_NANOS_MAX));
                child.kill();
            }
            int until = random.nextInt(ACKNOWLEDGEMENTS_MAX);
            int seen = 0;
            boolean opened = false;
            for (String line = child.line(); line != null; line = child.line()) {
                opened = true;
                acknowledged.note(line);
                if (seen++ == until) {
                    child.kill(); // what it has printed by then still counts
                }
            }
            int exit = child.exit();
            assertThat(exit).as(child.complaints()).isNotEqualTo(3);
            campaign.count("acknowledged commits", seen);
            campaign.count("killed before they had opened the store", opened ? 0 : 1);
        }
    }

    private Object[] arguments() {
        Object[] arguments = new Object[1 + Shop.WRITERS];
        arguments[0] = directory.resolve("shop");
        for (int writer = 0; writer < Shop.WRITERS; writer++) {
            arguments[1 + writer] = model.commits(writer);
        }
        return arguments;
    }

    /** The next process goes on from what this one left, so only a copy of it is opened here. */
    private Path copy(int round) throws IOException {
        Path from = directory.resolve("shop");
        Path to = Files.createDirectory(directory.resolve("copy-" + round));
        try (Stream<Path> files = Files.exists(from) ? Files.list(from) : Stream.empty()) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName().toString()));
            }
        }
        return to;
    }
}
