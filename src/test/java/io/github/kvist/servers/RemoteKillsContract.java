// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.api.Change;
import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Watch;
import io.github.kvist.api.WatchEvent;
import io.github.kvist.api.WatchOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The server is killed and started again: nothing acknowledged is lost, nothing happens twice, every error is typed. */
abstract class RemoteKillsContract extends RemoteContract {

    private static final int KILLS = Integer.getInteger("kvist.kills", 20);
    private static final int PAUSES = 3;
    private static final int WRITERS = 4;
    private static final int BETWEEN_KILLS = 20;

    @Test
    void whatWasAcknowledgedSurvivesEveryKillAndNothingHappensTwice() throws InterruptedException {
        long before = counted();
        try (RemoteLoad load = RemoteLoad.start(store(), WRITERS, Integer.MAX_VALUE)) {
            for (int kill = 0; kill < KILLS; kill++) {
                long enough = load.acknowledged() + BETWEEN_KILLS;
                await("writers go on after a kill", () -> load.acknowledged() >= enough);
                server().kill();
                if (kill % 4 == 0) {
                    // Away for so long that somebody notices.
                    long failures = load.failed();
                    await("a writer gives up", () -> load.failed() > failures);
                }
                server().restart();
            }
            load.stop();

            try (KvStore other = openDirectly()) {
                load.requireTrueIn(other, before);
            }
        }
    }

    @Test
    void whatArrivesAfterAPauseIsToldTruly() throws InterruptedException {
        long before = counted();
        try (RemoteLoad load = RemoteLoad.start(store(), WRITERS, Integer.MAX_VALUE)) {
            for (int pause = 0; pause < PAUSES; pause++) {
                long enough = load.acknowledged() + BETWEEN_KILLS;
                await("writers go on after a pause", () -> load.acknowledged() >= enough);
                long failures = load.failed();
                server().pause();
                await("a writer gives up", () -> load.failed() > failures);
                // What was sent meanwhile is still on its way, and arrives now.
                server().resume();
            }
            load.stop();

            try (KvStore other = openDirectly()) {
                load.requireTrueIn(other, before);
            }
        } finally {
            server().resume();
        }
    }

    @Test
    void clientsThatTheServerThrowsOutAreToldTruly() throws InterruptedException {
        long before = counted();
        try (RemoteLoad load = RemoteLoad.start(store(), WRITERS, Integer.MAX_VALUE)) {
            for (int i = 0; i < KILLS; i++) {
                long enough = load.acknowledged() + BETWEEN_KILLS;
                await("writers go on when they were thrown out", () -> load.acknowledged() >= enough);
                assertThat(system().throwOut(server())).isPositive();
            }
            load.stop();

            try (KvStore other = openDirectly()) {
                load.requireTrueIn(other, before);
            }
        }
    }

    @Test
    void aWatchCatchesUpWithWhatOthersWroteWhileItWasCutOff() {
        List<String> written = new ArrayList<>();
        List<String> seen = new ArrayList<>();
        try (Watch watch = store().watch(WatchOptions.of(WORDS));
                KvStore other = openDirectly()) {
            for (int i = 0; i < 30; i++) {
                if (i == 10) {
                    proxy().refuse();
                    proxy().cut();
                } else if (i == 20) {
                    proxy().heal();
                }
                other.in(WORDS).put("others" + i, "word");
                written.add("others" + i);
            }

            await("the watch has seen all", () -> {
                look(watch, seen);
                return seen.size() >= written.size();
            });
            look(watch, seen);
        }

        assertThat(seen).isEqualTo(written);
    }

    @Test
    void aWatchGoesOnAfterAKillWithoutLoss() throws InterruptedException {
        List<String> written = new ArrayList<>();
        List<String> seen = new ArrayList<>();
        try (Watch watch = store().watch(WatchOptions.of(WORDS))) {
            for (int i = 0; i < 60; i++) {
                if (i % 20 == 10) {
                    server().kill();
                    server().restart();
                }
                String word = "watched" + i;
                await("the store goes on after a kill", () -> isWritten(word));
                written.add(word);
            }

            await("the watch has seen all", () -> {
                look(watch, seen);
                return seen.size() >= written.size();
            });
            look(watch, seen);
        }

        assertThat(seen).isEqualTo(written);
    }

    /** A second put of the same would be a second event, so it is made only if the first did not happen. */
    private boolean isWritten(String word) {
        try {
            store().in(WORDS).putIfAbsent(word, word);
            return true;
        } catch (KvException.Unavailable | KvException.OutcomeUnknown away) {
            return false;
        }
    }

    private static void look(Watch watch, List<String> seen) {
        try {
            WatchEvent event = watch.next(Duration.ofMillis(10));
            if (event instanceof WatchEvent.Committed committed) {
                for (Change<?, ?> change : committed.changes()) {
                    seen.add((String) change.key());
                }
            } else if (event != null) {
                throw new AssertionError("Something was missed: " + event);
            }
        } catch (KvException.Unavailable away) {
            // It goes on by itself.
        } catch (InterruptedException interrupt) {
            throw new AssertionError(interrupt);
        }
    }

    @Test
    void openingWhileTheServerIsDownIsRefusedInTime() {
        server().kill();
        try {
            assertThat(inTime(() -> openDirectly().close()).failure()).isInstanceOf(KvException.Unavailable.class);
        } finally {
            server().restart();
        }
        add("restarted");
        assertThat(store().in(WORDS).get("restarted")).contains("restarted");
    }
}
