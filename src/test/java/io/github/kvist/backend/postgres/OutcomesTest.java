// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.Options;
import io.github.kvist.api.Outcome;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What became of a commit whose answer was lost. */
final class OutcomesTest {

    private static final long OURS = 4711;

    private final PostgresHome home = new PostgresHome();
    private PostgresBackend backend;

    @BeforeEach
    void open() {
        backend = home.backend(Options.defaults());
        Writes.put(backend, "t/words", "first", "1");
    }

    @AfterEach
    void close() {
        backend.close();
        home.close();
    }

    /** The call of a client, which may come late, or a second time. */
    private List<String> send(boolean isResent) {
        return home.rows("select results[1] from ${schema}.kvist_commit(0, true, true, " + isResent + ", 100, 0, array["
                + OURS + "::bigint], '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', array[1], array[1],"
                + " array[1], array['late'::bytea], array['v'::bytea], array[1::bigint], array[9223372036854775807])");
    }

    private Outcome outcome(long since) {
        return backend.outcome(new TransactionId(OURS, since).toString());
    }

    @Test
    void ofOneThatHappened() {
        send(false);

        assertThat(outcome(1)).isEqualTo(Outcome.COMMITTED);
        assertThat(Writes.get(backend, "t/words", "late")).isEqualTo("v");
    }

    @Test
    void oneThatDidNotHappenNeverWill() {
        assertThat(outcome(1)).isEqualTo(Outcome.ROLLED_BACK);

        assertThatThrownBy(() -> send(false)).hasStackTraceContaining("kvist_commits_id_key");
        assertThat(send(true)).containsExactly("-4");
        assertThat(outcome(1)).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(Writes.get(backend, "t/words", "late")).isNull();
    }

    @Test
    void sendingAgainTellsTheRevisionAndDoesNothing() {
        List<String> revision = send(false);
        Writes.put(backend, "t/words", "late", "newer");

        assertThat(send(true)).isEqualTo(revision);

        assertThat(Writes.get(backend, "t/words", "late")).isEqualTo("newer");
    }

    @Test
    void isUnknownBehindWhatIsKept() {
        send(false);
        for (int i = 0; i < 10; i++) {
            Writes.put(backend, "t/words", "k", "" + i);
        }
        home.run("delete from ${schema}.kvist_commits where revision < 8");

        assertThat(outcome(1)).isEqualTo(Outcome.UNKNOWN);
        assertThat(backend.outcome(new TransactionId(OURS + 1, backend.revision()).toString()))
                .isEqualTo(Outcome.ROLLED_BACK);
    }

    @Test
    void anIdOfSomethingElseIsRefused() {
        for (String text : List.of("", "x", "1.", ".1", "1.2.3", "täst.1", "99999999999999999.1")) {
            assertThatThrownBy(() -> backend.outcome(text)).as(text).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
