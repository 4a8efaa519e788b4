// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.engine.Engine;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Kills the process at each commit of a migration there and back and there again; the next process has to bring it to its end. */
final class KilledMigrationTest {

    private static final int FOREVER = Integer.MAX_VALUE;
    private static final int WORDS = 3 * Batch.OPERATIONS_MAX;
    private static final int CHANGED_EACH = 50;

    /** What the application was told is stored. */
    private final Set<String> acknowledged = new HashSet<>();

    @ParameterizedTest(name = "systems are shared: {0}, killed behind the commit: {1}")
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void whereverItIsKilledTheNextProcessGoesOn(boolean isShared, boolean killsBehind) throws Exception {
        int commits = 1;
        while (isKilled(commits, isShared, killsBehind)) {
            commits++;
        }

        assertThat(commits).isGreaterThan(25);
    }

    private boolean isKilled(int commits, boolean isShared, boolean killsBehind) throws Exception {
        acknowledged.clear();
        try (Engine from = Machine.system();
                Engine to = Machine.system()) {
            fill(from, isShared);
            Machine first = new Machine(commits, killsBehind);
            boolean isKilled = run(first, from, to, isShared);

            Machine second = new Machine(FOREVER, false);
            if (isKilled) {
                goOn(second, from, to, isShared);
            }
            requireMoved(second, from, to, isShared);
            return isKilled;
        }
    }

    @ParameterizedTest(name = "killed behind the commit: {0}")
    @ValueSource(booleans = {false, true})
    void whatWasCopiedAndHasChangedSinceTheKillIsAsItIsInTheSource(boolean killsBehind) throws Exception {
        int commits = 1;
        while (copyIsKilled(commits, killsBehind)) {
            commits++;
        }

        assertThat(commits).isGreaterThan(5);
    }

    /** The copy takes several chunks; the source changes while there is no process. */
    private static boolean copyIsKilled(int commits, boolean killsBehind) throws Exception {
        try (Engine from = Machine.system();
                Engine to = Machine.system();
                KvStore source = new Machine(FOREVER, false).open(from, false)) {
            source.update(tx -> {
                for (int i = 0; i < WORDS; i++) {
                    tx.in(Samples.WORDS).put("word " + i, "copied");
                }
            });
            boolean isKilled = false;
            try (Migration migration = Migration.from(source).to(new Machine(commits, killsBehind).open(to, false))) {
                migration.start();
                migration.awaitCaughtUp();
            } catch (KvException.Closed killed) {
                isKilled = true;
            }

            for (int i = 0; i < WORDS; i += CHANGED_EACH) {
                source.in(Samples.WORDS).put("word " + i, "changed");
                source.in(Samples.WORDS).delete("word " + (i + 1));
                source.in(Samples.WORDS).put("word " + i + " more", "added");
            }
            KvStore target = new Machine(FOREVER, false).open(to, false);
            try (Migration migration = Migration.from(source).to(target)) {
                migration.start();
                migration.awaitCaughtUp();

                assertThat(Samples.contents(target)).isEqualTo(Samples.contents(source));
                assertThat(migration.progress().repaired()).isZero();
            }
            return isKilled;
        }
    }

    private static void fill(Engine from, boolean isShared) {
        try (KvStore store = new Machine(FOREVER, false).open(from, isShared)) {
            Samples.fill(store, 0, 20);
        }
    }

    /** A whole life: there, back, and there again; the application writes all the time. */
    private boolean run(Machine machine, Engine from, Engine to, boolean isShared) throws InterruptedException {
        try (Migration migration = Migration.from(machine.open(from, isShared)).to(machine.open(to, isShared))) {
            put(migration, "before");
            migration.start();
            put(migration, "started");
            migration.awaitCaughtUp();
            migration.verify();
            migration.cutOver();
            put(migration, "there");
            migration.awaitCaughtUp();
            migration.rollBack();
            put(migration, "back");
            migration.cutOver();
            put(migration, "there again");
            migration.finish();
            return false;
        } catch (KvException.Closed killed) {
            assertThat(machine.isDead()).isTrue();
            return true;
        }
    }

    private void put(Migration migration, String word) {
        migration.store().in(Samples.WORDS).put(word, "stored");
        acknowledged.add(word);
    }

    private void goOn(Machine machine, Engine from, Engine to, boolean isShared) throws InterruptedException {
        KvStore source = machine.open(from, isShared);
        KvStore target = machine.open(to, isShared);
        try (Migration migration = Migration.from(source).to(target)) {
            migration.start();
            put(migration, "second process");
            requireAcknowledged(migration.store());
            if (!migration.isCutOver()) {
                migration.cutOver();
            }
            put(migration, "moved");
            migration.awaitCaughtUp();
            assertThat(Samples.contents(source)).isEqualTo(Samples.contents(target));
            migration.finish();
        } catch (IllegalStateException finished) {
            // The first process had come to the very end.
            assertThat(finished).hasMessageContaining("have moved to");
            assertThat(acknowledged).contains("there again");
        }
    }

    private void requireAcknowledged(KvStore store) {
        assertThat(acknowledged)
                .allSatisfy(word ->
                        assertThat(store.in(Samples.WORDS).get(word)).as(word).isPresent());
    }

    private void requireMoved(Machine machine, Engine from, Engine to, boolean isShared) {
        try (KvStore source = machine.open(from, isShared);
                KvStore target = machine.open(to, isShared)) {
            requireAcknowledged(target);
            assertThat(target.in(Samples.PEOPLE).by(Samples.BY_CITY).count("city 7"))
                    .isEqualTo(1);
            assertThat(target.admin().verify().clean()).isTrue();
            target.in(Samples.WORDS).put("target", "is open");
            assertThatThrownBy(() -> source.in(Samples.WORDS).put("source", "is closed"))
                    .isInstanceOf(KvException.Unsupported.class);
        }
    }
}
