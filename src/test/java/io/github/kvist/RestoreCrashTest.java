// SPDX-License-Identifier: Apache-2.0
package io.github.kvist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.api.Durability;
import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.Snapshot;
import io.github.kvist.api.Table;
import io.github.kvist.backend.file.FileStorage;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import io.github.kvist.testkit.DiskFault;
import io.github.kvist.testkit.PowerCut;
import io.github.kvist.testkit.SimulatedDisk;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The power fails at every call of a session in which the store is replaced by an image, and written to before and behind. What
 * is found is the old whole or the restored whole, and then what came after.
 */
final class RestoreCrashTest {

    private static final Table<String, String> WORDS = Table.of("words", Keys.string(), Values.string());
    private static final List<String> OLD = List.of("old1", "old2");
    private static final List<String> RESTORED = List.of("new1", "new2", "new3");

    private static final byte[] IMAGE = image();

    private static byte[] image() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (KvStore store = Kvist.inMemory()) {
            RESTORED.forEach(word -> store.in(WORDS).put(word, "x".repeat(300)));
            try (Snapshot snapshot = store.snapshot()) {
                snapshot.writeTo(bytes);
            }
        }
        return bytes.toByteArray();
    }

    /** How far a session came, as it was told. */
    private enum Step {
        NOTHING,
        OLD_IS_THERE,
        RESTORING,
        RESTORED_IS_THERE,
        WRITTEN_AFTER
    }

    private static final class Session {
        private final SimulatedDisk disk = new SimulatedDisk();
        private Step step = Step.NOTHING;

        void run() {
            try (KvStore store = open(disk)) {
                // Twice, so that there is a segment to be cut.
                store.update(tx -> OLD.forEach(word -> tx.in(WORDS).put(word, "x".repeat(300))));
                store.update(tx -> OLD.forEach(word -> tx.in(WORDS).put(word, "x".repeat(300))));
                step = Step.OLD_IS_THERE;
                step = Step.RESTORING;
                restore(store);
                step = Step.RESTORED_IS_THERE;
                store.in(WORDS).put("then", "x");
                step = Step.WRITTEN_AFTER;
            }
        }
    }

    /** Who is told that it failed goes on seeing the old data. */
    private static void restore(KvStore store) {
        try {
            store.admin().restore(new ByteArrayInputStream(IMAGE), true);
        } catch (KvException failed) {
            assertThat(store.in(WORDS).scan().keys()).isEqualTo(OLD);
            throw failed;
        }
    }

    private static KvStore open(SimulatedDisk disk) {
        FileStorage storage = new FileStorage(disk, 512, 16384, Runnable::run);
        return Kvist.open(storage, Options.defaults().durability(Durability.SYNC));
    }

    @Test
    void powerCutLeavesTheOldOrTheRestoredWhole() {
        Session whole = new Session();
        whole.run();
        for (long call = 1; call <= whole.disk.calls(); call++) {
            Session session = new Session();
            session.disk.failAt(call, DiskFault.POWER_CUT, true);
            try {
                session.run();
            } catch (KvException expected) {
                // The power failed.
            }
            for (PowerCut cut : PowerCut.values()) {
                judge(session, session.disk.afterPowerCut(cut, new Random(call)), call + " " + cut);
            }
            judge(session, session.disk.afterKill(), call + " killed");
        }
    }

    @Test
    void failedCallLeavesAStoreThatIsOldOrRestored() {
        Session whole = new Session();
        whole.run();
        for (long call = 1; call <= whole.disk.calls(); call++) {
            Session session = new Session();
            session.disk.failAt(call, DiskFault.ERROR, false);
            try {
                session.run();
            } catch (KvException expected) {
                // Reported.
            }
            session.disk.heal();
            judge(session, session.disk.afterKill(), call + " failed");
        }
    }

    private static void judge(Session session, SimulatedDisk found, String where) {
        List<String> words;
        try (KvStore store = open(found)) {
            words = store.in(WORDS).scan().keys();
            assertThat(store.admin().verify().findings()).as(where).isEmpty();
            store.in(WORDS).put("usable", "x");
        }
        try (KvStore store = open(found)) {
            assertThat(store.in(WORDS).get("usable")).as(where).isPresent();
        }
        List<String> then = List.of("new1", "new2", "new3", "then");
        switch (session.step) {
            case NOTHING -> assertThat(words).as(where).isIn(List.of(), OLD);
            case OLD_IS_THERE, RESTORING -> assertThat(words).as(where).isIn(OLD, RESTORED);
            case RESTORED_IS_THERE -> assertThat(words).as(where).isIn(RESTORED, then);
            case WRITTEN_AFTER -> assertThat(words).as(where).isEqualTo(then);
        }
    }
}
