// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.Kvist;
import io.github.kvist.api.Index;
import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Table;
import io.github.kvist.api.WriteTransaction;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import io.github.kvist.engine.Engine;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Another process that uses a shared source, and has not heard of the move. */
final class FenceTest {

    private static final Table<String, String> NEW = Table.of("new", Keys.string(), Values.string());

    private final Engine system = Machine.system();
    private final Machine machine = new Machine(Integer.MAX_VALUE, false);
    private final KvStore source = machine.open(system, true);
    private final KvStore other = machine.open(system, true);
    private final KvStore target = Kvist.inMemory();
    private final Migration migration = Migration.from(source).to(target);

    @BeforeEach
    void bothProcessesKnowTheTables() throws InterruptedException {
        Samples.fill(source, 0, 10);
        other.in(Samples.WORDS).put("other", "1");
        other.in(Samples.PEOPLE).put("other", new Samples.Person("other", "Oslo"));
        migration.start();
    }

    @AfterEach
    void close() {
        migration.store().close();
        other.close();
        system.close();
    }

    @Test
    void itsWritesAreRefused() throws Exception {
        WriteTransaction open = other.begin();
        open.in(Samples.WORDS).put("open", "1");
        WriteTransaction first = other.begin();

        migration.cutOver();

        assertThatThrownBy(open::commit).isInstanceOf(KvException.Conflict.class);
        requireRefused(() -> other.in(Samples.WORDS).put("a", "1"));
        requireRefused(() -> other.in(Samples.WORDS).delete("word 1"));
        requireRefused(() -> other.in(Samples.WORDS).compute("word 1", word -> word + "!"));
        requireRefused(() -> other.in(Samples.PEOPLE).put("a", new Samples.Person("a", "b")));
        requireRefused(() -> other.update(tx -> tx.in(Samples.PEOPLE).clear()));
        requireRefused(() -> first.in(NEW).put("a", "1"));
    }

    @Test
    void aTableThatItDefinesFirstIsRefusedToo() throws Exception {
        migration.cutOver();

        requireRefused(() -> other.in(NEW).put("a", "1"));
        assertThat(target.in(NEW).count()).isZero();
    }

    @Test
    void anIndexThatItAddsIsRefusedToo() throws Exception {
        try (KvStore newer = machine.open(system, true)) {
            Table<String, String> words = Samples.WORDS.with(Index.of("by_length", Keys.int32(), String::length));
            newer.in(words);

            migration.cutOver();

            requireRefused(() -> newer.in(words).put("a", "1"));
        }
    }

    private static void requireRefused(ThrowingCallable write) {
        assertThatThrownBy(write).isInstanceOf(KvException.Unsupported.class).hasMessageContaining("have moved to");
    }

    @Test
    void itsReadsGoOn() throws Exception {
        migration.cutOver();

        assertThat(other.in(Samples.WORDS).get("other")).contains("1");
        assertThat(other.in(Samples.PEOPLE).by(Samples.BY_CITY).count("Oslo")).isEqualTo(1);
        try (KvStore opened = machine.open(system, true)) {
            assertThat(opened.in(Samples.PEOPLE).by(Samples.BY_CITY).count("Oslo"))
                    .isEqualTo(1);
            requireRefused(() -> opened.in(Samples.WORDS).put("a", "1"));
        }
    }

    @Test
    void havingReadATableDoesNotLetItWrite() throws Exception {
        try (KvStore quiet = machine.open(system, true)) {
            migration.cutOver();
            assertThat(quiet.in(Samples.PEOPLE).by(Samples.BY_CITY).count("Oslo"))
                    .isEqualTo(1);

            requireRefused(() -> quiet.in(Samples.PEOPLE).put("a", new Samples.Person("a", "b")));
        }
    }

    @Test
    void afterRollingBackItWritesAgain() throws Exception {
        migration.cutOver();
        requireRefused(() -> other.in(Samples.WORDS).put("a", "1"));
        migration.store().in(NEW).put("defined", "in the target");

        migration.rollBack();

        other.in(Samples.WORDS).put("a", "2");
        other.in(Samples.PEOPLE).put("a", new Samples.Person("a", "Oslo"));
        other.in(NEW).put("a", "1");
        assertThat(other.in(NEW).get("defined")).contains("in the target");
        migration.awaitCaughtUp();
        assertThat(target.in(Samples.WORDS).get("a")).contains("2");
        assertThat(target.in(Samples.PEOPLE).by(Samples.BY_CITY).count("Oslo")).isEqualTo(2);
        assertThat(migration.verify().isClean()).isTrue();
    }

    @Test
    void whatItWroteBeforeTheFenceIsNotLost() throws Exception {
        for (int i = 0; i < 200; i++) {
            other.in(Samples.WORDS).put("late " + i, "1");
        }

        migration.cutOver();

        assertThat(target.in(Samples.WORDS).get("late 199")).contains("1");
        assertThat(migration.verify().isClean()).isTrue();
    }
}
