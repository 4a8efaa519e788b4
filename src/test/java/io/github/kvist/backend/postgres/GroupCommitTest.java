// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.KvException;
import io.github.kvist.api.Options;
import io.github.kvist.backend.Commit;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Threads that commit at the same moment share one transaction of the server, in which each is decided by itself. */
final class GroupCommitTest {

    private static final int WRITERS = 16;

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

    /** Lets all writers wait behind the first, whose call the server holds up, before any of them goes on. */
    private <R> List<FutureTask<R>> atOnce(List<Callable<R>> writers) throws Exception {
        List<FutureTask<R>> tasks = writers.stream().map(FutureTask::new).toList();
        List<Thread> threads = tasks.stream().map(Thread::new).toList();
        try (Connection gate = PostgresHome.pool().getConnection();
                Statement statement = gate.createStatement()) {
            gate.setAutoCommit(false);
            statement.execute(new SchemaName(home.schema).in("select ${schema}.kvist_lock()"));
            threads.get(0).start();
            while (home.rows("select pid from pg_locks where locktype = 'advisory' and not granted")
                    .isEmpty()) {
                Thread.onSpinWait();
            }
            threads.subList(1, threads.size()).forEach(Thread::start);
            for (Thread thread : threads.subList(1, threads.size())) {
                while (thread.getState() != Thread.State.WAITING) {
                    Thread.onSpinWait();
                }
            }
            gate.rollback();
            gate.setAutoCommit(true);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return tasks;
    }

    private Callable<Long> put(String key) {
        return () -> Writes.put(backend, "t/words", key, "v");
    }

    @Test
    void thoseThatWaitAreSentTogetherAndGetRevisionsOfTheirOwn() throws Exception {
        List<Callable<Long>> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            writers.add(put("k" + i));
        }
        long before = backend.revision();

        List<Long> revisions = new ArrayList<>();
        for (FutureTask<Long> each : atOnce(writers)) {
            revisions.add(each.get());
        }

        assertThat(revisions)
                .doesNotHaveDuplicates()
                .allMatch(revision -> revision > before && revision <= before + WRITERS);
        assertThat(home.rows("select distinct xmin::text from ${schema}.kvist_commits where revision > " + before))
                .as("the first alone, the others together")
                .hasSize(2);
    }

    @Test
    void eachIsDecidedByItself() throws Exception {
        List<Callable<Long>> writers = new ArrayList<>();
        writers.add(put("gate"));
        for (int i = 0; i < WRITERS; i++) {
            String key = i % 2 == 0 ? "first" : "new" + i;
            writers.add(() -> Writes.putIfAbsent(backend, "t/words", key));
        }

        List<FutureTask<Long>> done = atOnce(writers);

        for (int i = 0; i < WRITERS; i++) {
            if (i % 2 == 0) {
                assertThat(done.get(i + 1).get()).isEqualTo(Commit.REFUSED);
            } else {
                assertThat(done.get(i + 1).get()).isPositive();
            }
        }
        assertThat(Writes.get(backend, "t/words", "first")).isEqualTo("1");
    }

    @Test
    void thoseThatWantTheSameKeyAreNotSentTogether() throws Exception {
        List<Callable<Long>> writers = new ArrayList<>();
        writers.add(put("gate"));
        for (int i = 0; i < WRITERS; i++) {
            writers.add(() -> Writes.putIfAbsent(backend, "t/words", "wanted"));
        }

        long winners = 0;
        for (FutureTask<Long> each : atOnce(writers).subList(1, WRITERS + 1)) {
            winners += each.get() == Commit.REFUSED ? 0 : 1;
        }

        assertThat(winners).isEqualTo(1);
    }

    @Test
    void oneThatTheServerRefusesTakesNoOtherWithIt() throws Exception {
        home.run("create function ${schema}.refuse() returns trigger language plpgsql as"
                + " $$ begin raise exception 'no' using errcode = '53100'; end $$");
        home.run("create trigger refuse before insert on ${schema}.kvist_entries for each row"
                + " when (new.key = 'bad') execute function ${schema}.refuse()");
        List<Callable<Long>> writers = new ArrayList<>(List.of(put("gate"), put("a"), put("bad"), put("b")));

        List<FutureTask<Long>> done = atOnce(writers);

        assertThat(done.get(1).get()).isPositive();
        assertThat(done.get(3).get()).isPositive();
        assertThatThrownBy(done.get(2)::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(KvException.Unavailable.class)
                .hasMessageContaining("disk is full");
        assertThat(Writes.get(backend, "t/words", "bad")).isNull();
    }

    @Test
    void anInterruptedWriterCommitsAndStaysInterrupted() {
        Thread.currentThread().interrupt();

        assertThat(Writes.put(backend, "t/words", "k", "v")).isPositive();

        assertThat(Thread.interrupted()).isTrue();
    }
}
