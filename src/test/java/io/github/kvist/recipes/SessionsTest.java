// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.recipes;

import static io.github.kvist.recipes.Sessions.IDLE;
import static io.github.kvist.recipes.Sessions.LONGEST;
import static io.github.kvist.recipes.Sessions.SESSIONS;
import static io.github.kvist.recipes.Sessions.SLACK;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.Kvist;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.recipes.Sessions.Session;
import io.github.kvist.testkit.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SessionsTest {

    private static final Duration TICK = Duration.ofMillis(1);

    @TempDir
    private Path directory;

    private final SettableClock clock = new SettableClock(Instant.parse("2026-03-01T08:00:00Z"));
    private KvStore store;
    private Sessions sessions;

    @BeforeEach
    void open() {
        store = Kvist.open(
                "file:" + directory.resolve("app"), Options.defaults().clock(clock));
        sessions = new Sessions(store, clock);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void anIdleSessionEnds() {
        String token = sessions.logIn("ann", "laptop");

        clock.move(IDLE.minus(TICK));
        assertThat(store.in(SESSIONS).get(token)).isPresent();
        clock.move(TICK);

        assertThat(sessions.resume(token)).isEmpty();
        assertThat(sessions.of("ann")).isEmpty();
    }

    @Test
    void aRequestKeepsItsSessionAlive() {
        String token = sessions.logIn("ann", "laptop");

        for (int i = 0; i < 5; i++) {
            clock.move(IDLE.minus(TICK));
            assertThat(sessions.resume(token)).map(Session::user).contains("ann");
        }
    }

    @Test
    void nothingKeepsASessionAliveForEver() {
        String token = sessions.logIn("ann", "laptop");
        Instant end = clock.instant().plus(LONGEST);

        while (clock.instant().isBefore(end)) {
            assertThat(sessions.resume(token)).isPresent();
            clock.move(Duration.ofMinutes(20));
        }

        assertThat(sessions.resume(token)).isEmpty();
    }

    @Test
    void requestsWithinTheSlackWriteNothing() {
        String token = sessions.logIn("ann", "laptop");
        long revision = store.revision();

        clock.move(SLACK);
        sessions.resume(token);
        assertThat(store.revision()).isEqualTo(revision);

        clock.move(TICK);
        sessions.resume(token);
        assertThat(store.revision()).isEqualTo(revision + 1);
    }

    @Test
    void aUserFindsTheirSessionsAndNobodyElses() {
        sessions.logIn("ann", "laptop");
        sessions.logIn("ann", "phone");
        sessions.logIn("bob", "phone");

        assertThat(sessions.of("ann")).extracting(Session::device).containsExactlyInAnyOrder("laptop", "phone");
    }

    @Test
    void loggedOutIsLoggedOut() {
        String token = sessions.logIn("ann", "laptop");

        assertThat(sessions.logOut(token)).isTrue();

        assertThat(sessions.resume(token)).isEmpty();
        assertThat(sessions.logOut(token)).isFalse();
    }

    @Test
    void loggingOutEverywhereSparesOthers() {
        sessions.logIn("ann", "laptop");
        sessions.logIn("ann", "phone");
        String bobs = sessions.logIn("bob", "phone");

        assertThat(sessions.logOutEverywhere("ann")).isEqualTo(2);

        assertThat(sessions.of("ann")).isEmpty();
        assertThat(sessions.resume(bobs)).isPresent();
    }

    @Test
    void noLogInBeforeALogOutEverywhereOutlivesIt() throws Exception {
        int rounds = 40;
        ConcurrentLinkedQueue<String> tokens = new ConcurrentLinkedQueue<>();
        AtomicInteger survivors = new AtomicInteger();
        List<Integer> ended = Together.run(4, thread -> () -> {
            int count = 0;
            for (int i = 0; i < rounds; i++) {
                if (thread > 0) {
                    tokens.add(sessions.logIn("ann", "device " + i));
                } else {
                    List<String> before = new ArrayList<>(tokens);
                    count += sessions.logOutEverywhere("ann");
                    before.forEach(
                            token -> survivors.addAndGet(sessions.resume(token).isPresent() ? 1 : 0));
                }
            }
            return count;
        });

        assertThat(survivors).hasValue(0);
        assertThat(ended.get(0) + sessions.of("ann").size()).isEqualTo(3 * rounds);
    }

    @Test
    void aRequestDoesNotBringBackASessionThatWasLoggedOut() throws Exception {
        for (int round = 0; round < 40; round++) {
            String token = sessions.logIn("ann", "laptop");
            clock.move(SLACK.plus(TICK));

            Together.run(
                    2,
                    thread -> () ->
                            thread == 0 ? sessions.resume(token).isPresent() : sessions.logOutEverywhere("ann") == 1);

            assertThat(sessions.resume(token)).isEmpty();
        }
    }

    @Test
    void sessionsSurviveARestartAndTheirTimeRunsOn() {
        String token = sessions.logIn("ann", "laptop");

        close();
        clock.move(IDLE.minus(TICK));
        open();
        assertThat(store.in(SESSIONS).get(token)).isPresent();
        assertThat(sessions.of("ann")).hasSize(1);

        close();
        clock.move(TICK);
        open();
        assertThat(sessions.resume(token)).isEmpty();
    }
}
