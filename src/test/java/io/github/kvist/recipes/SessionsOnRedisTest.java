// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.Kvist;
import io.github.kvist.api.KvStore;
import io.github.kvist.servers.Servers;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The recipe of sessions, in two processes that share one Redis: what one does the other sees at once. */
final class SessionsOnRedisTest {

    private static final int LOG_INS = 50;

    private final String uri = Servers.redis().uri(UUID.randomUUID().toString());

    @Test
    void twoApplicationsStayInStep() throws IOException {
        try (KvStore store = Kvist.open(uri);
                Application other = new Application(uri)) {
            Sessions sessions = new Sessions(store, Clock.systemUTC());

            String mine = sessions.logIn("ann", "laptop");
            assertThat(other.ask("resume " + mine)).isEqualTo("ann laptop");
            String theirs = other.ask("login ann phone");
            assertThat(sessions.resume(theirs)).map(Sessions.Session::device).contains("phone");
            assertThat(sessions.of("ann")).hasSize(2);

            assertThat(other.ask("logout " + mine)).isEqualTo("true");
            assertThat(sessions.resume(mine)).isEmpty();
            assertThat(sessions.logOutEverywhere("ann")).isEqualTo(1);
            assertThat(other.ask("resume " + theirs)).isEqualTo("nobody");
        }
    }

    @Test
    void bothWriteAtOnceAndNothingIsLost() throws IOException {
        try (KvStore store = Kvist.open(uri);
                Application other = new Application(uri)) {
            Sessions sessions = new Sessions(store, Clock.systemUTC());
            Set<String> tokens = new HashSet<>();
            other.send("logins bob " + LOG_INS);
            for (int i = 0; i < LOG_INS; i++) {
                tokens.add(sessions.logIn("bob", "device" + i));
            }
            List<String> theirs = List.of(other.answer().split(","));
            tokens.addAll(theirs);

            assertThat(tokens).hasSize(2 * LOG_INS);
            assertThat(sessions.of("bob")).hasSize(2 * LOG_INS);
            assertThat(other.ask("everywhere bob")).isEqualTo("" + 2 * LOG_INS);
            assertThat(sessions.of("bob")).isEmpty();
            assertThat(store.admin().verify().clean()).isTrue();
        }
    }

    /** The other process. */
    private static final class Application implements AutoCloseable {
        private final Process process;
        private final BufferedWriter in;
        private final BufferedReader out;

        Application(String uri) throws IOException {
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Server.class.getName(),
                            uri)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            in = process.outputWriter();
            out = process.inputReader();
        }

        String ask(String line) throws IOException {
            send(line);
            return answer();
        }

        void send(String line) throws IOException {
            in.write(line + "\n");
            in.flush();
        }

        String answer() throws IOException {
            return out.readLine();
        }

        @Override
        public void close() {
            process.destroy();
        }
    }

    /** What runs in the other process: a command a line. */
    static final class Server {

        public static void main(String[] arguments) throws IOException {
            try (KvStore store = Kvist.open(arguments[0]);
                    BufferedReader in = new BufferedReader(new InputStreamReader(System.in))) {
                Sessions sessions = new Sessions(store, Clock.systemUTC());
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    System.out.println(answer(sessions, line.split(" ")));
                }
            }
        }

        private static String answer(Sessions sessions, String[] words) {
            return switch (words[0]) {
                case "login" -> sessions.logIn(words[1], words[2]);
                case "logins" -> {
                    List<String> tokens = new ArrayList<>();
                    for (int i = 0; i < Integer.parseInt(words[2]); i++) {
                        tokens.add(sessions.logIn(words[1], "other" + i));
                    }
                    yield String.join(",", tokens);
                }
                case "resume" ->
                    sessions.resume(words[1])
                            .map(session -> session.user() + " " + session.device())
                            .orElse("nobody");
                case "logout" -> "" + sessions.logOut(words[1]);
                default -> "" + sessions.logOutEverywhere(words[1]);
            };
        }
    }
}
