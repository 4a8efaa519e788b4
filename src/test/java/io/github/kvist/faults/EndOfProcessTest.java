// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two processes and one directory, processes that end in the middle of their commits, and a directory that goes away. */
@Tag("campaign")
@Timeout(120)
final class EndOfProcessTest {

    private static final Duration AT_ONCE = Duration.ofSeconds(1);

    @TempDir
    private Path directory;

    private final Campaign campaign = new Campaign("two processes, and ends of one");
    private final Shop.Model model = new Shop.Model();

    @Test
    void secondProcessIsRefusedAtOnceAndLetInAfterAKill() throws Exception {
        Path home = directory.resolve("shop");
        Acknowledged acknowledged = new Acknowledged(model);
        try (Child first = shopping(home)) {
            assertThat(first.line()).isEqualTo("open");

            long asked = System.nanoTime();
            assertThatThrownBy(() -> Shop.open(home).close()).isInstanceOf(KvException.Locked.class);
            assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(AT_ONCE);

            first.kill();
            readOn(first, acknowledged);
            first.exit();
        }
        long asked = System.nanoTime();
        try (KvStore second = Shop.open(home)) {
            assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(AT_ONCE);
            ShopInspection.check(second, model, acknowledged);
        }
    }

    /** By a signal that lets shutdown hooks run, and by System.exit on another thread than those that write. */
    @Test
    void processThatEndsInTheMiddleOfCommitsLosesNothing() throws Exception {
        Path home = directory.resolve("shop");
        for (int round = 0; round < Scale.pick(2, 10, 500); round++) {
            Acknowledged acknowledged = new Acknowledged(model);
            try (Child child = shopping(home)) {
                for (int seen = 0; seen < 200; seen++) {
                    acknowledged.note(String.valueOf(child.line()));
                }
                if (round % 2 == 0) {
                    child.handle().destroy();
                } else {
                    child.tell("exit");
                }
                readOn(child, acknowledged);
                assertThat(child.exit()).isEqualTo(round % 2 == 0 ? 143 : 0);
            }
            new ShopInspection(home, campaign).check(model, acknowledged);
            campaign.count("ends");
        }
        campaign.end();
    }

    private Child shopping(Path home) throws IOException {
        Object[] arguments = new Object[1 + Shop.WRITERS];
        arguments[0] = home;
        for (int writer = 0; writer < Shop.WRITERS; writer++) {
            arguments[1 + writer] = model.commits(writer);
        }
        return Child.start(directory.resolve("errors"), List.of("-Xmx64m"), Shopping.class, arguments);
    }

    private static void readOn(Child child, Acknowledged acknowledged) throws IOException {
        for (String line = child.line(); line != null; line = child.line()) {
            acknowledged.note(line);
        }
    }

    @Test
    void directoryThatIsMovedAwayEndsWritingAndNotReading() throws Exception {
        Path home = directory.resolve("store");
        Path moved = directory.resolve("moved");
        long committed = putUntilItIsNoticed(home, () -> Files.move(home, moved));

        try (KvStore another = Shop.open(home)) { // the place is free
            assertThat(another.in(Shop.COUNTS).count()).isZero();
        }
        try (KvStore found = Shop.open(moved)) {
            assertThat(found.in(Shop.COUNTS).get("n").orElseThrow()).isBetween(committed, committed + 1);
            assertThat(found.admin().verify().findings()).isEmpty();
        }
    }

    @Test
    void lockThatIsDeletedEndsWritingAndNotReading() throws Exception {
        Path home = directory.resolve("store");
        long committed = putUntilItIsNoticed(home, () -> Files.delete(home.resolve("kvist.lock")));

        try (KvStore reopened = Shop.open(home)) {
            assertThat(reopened.in(Shop.COUNTS).get("n").orElseThrow()).isBetween(committed, committed + 1);
            assertThat(reopened.admin().verify().findings()).isEmpty();
        }
    }

    private interface Mischief {
        void happen() throws IOException;
    }

    /** Returns the last number that was acknowledged. */
    private static long putUntilItIsNoticed(Path home, Mischief mischief) throws IOException {
        KvStore store = Shop.open(home);
        store.in(Shop.COUNTS).put("n", 0L);
        mischief.happen();
        long committed = 0;
        KvException noticed = null;
        long began = System.nanoTime();
        while (noticed == null) {
            try {
                store.in(Shop.COUNTS).put("n", committed + 1);
                committed++;
            } catch (KvException.OutcomeUnknown gone) {
                noticed = gone;
            }
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
        assertThat(noticed).isInstanceOf(KvException.OutcomeUnknown.class);
        assertThat(store.in(Shop.COUNTS).get("n")).contains(committed);
        assertThatThrownBy(() -> store.in(Shop.COUNTS).put("n", 0L)).isInstanceOf(KvException.Unavailable.class);
        try {
            store.close();
        } catch (KvException.Unavailable nowhereToSeal) {
            // The next opening looks what is kept.
        }
        return committed;
    }
}
