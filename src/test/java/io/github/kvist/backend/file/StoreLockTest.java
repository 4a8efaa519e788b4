// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.Durability;
import io.github.kvist.api.KvException;
import io.github.kvist.api.Recovery;
import io.github.kvist.testkit.KnownFrames;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One process at a time, by whatever way it comes. */
final class StoreLockTest {
    @TempDir
    Path parent;

    private Path store;
    private final List<Process> children = new ArrayList<>();

    @BeforeEach
    void makeStore() {
        store = parent.resolve("store");
        open(store, false).close();
    }

    @AfterEach
    void endChildren() {
        children.forEach(Process::destroyForcibly);
    }

    @Test
    void secondOpenerInThisProcessIsToldSo() {
        try (FileStorage first = open(store, false)) {
            assertLocked(store, false, "this process");
            assertLocked(store, true, "this process");
            assertThat(first.recovery()).isNotNull();
        }
        open(store, false).close();
    }

    @Test
    void otherSpellingsAreTheSameStore() throws IOException {
        Path link = Files.createSymbolicLink(parent.resolve("link"), store);

        try (FileStorage first = open(link, false)) {
            assertLocked(store, false, "this process");
            assertLocked(link.resolve("../store"), false, "this process");
            assertThat(first.description()).endsWith("link");
        }
    }

    @Test
    void otherProcessIsNamedAndItsDeathLetsUsIn() throws Exception {
        Process child = holder(false, "held");

        assertLocked(store, false, "process " + child.pid());
        assertLocked(store, true, "in use");

        child.destroyForcibly().waitFor();
        try (FileStorage storage = open(store, false)) {
            assertThat(storage.recovery().revision()).isEqualTo(1);
        }
    }

    @Test
    void refusedOpenerDoesNotLoosenTheLock() throws Exception {
        try (FileStorage first = open(store, false)) {
            assertLocked(store, false, "in use");

            Process child = holder(false, "turned away");

            assertThat(child.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(child.exitValue()).isEqualTo(Holder.TURNED_AWAY);
            assertThat(first.verify()).isEmpty();
        }
    }

    @Test
    void readersOfTwoProcessesShareAStoreButNotWithAWriter() throws Exception {
        Process child = holder(true, "held");

        try (FileStorage reader = open(store, true)) {
            assertThat(reader.verify()).isEmpty();
        }
        assertLocked(store, false, "in use by");

        child.destroyForcibly().waitFor();
        open(store, false).close();
    }

    private static FileStorage open(Path path, boolean readOnly) {
        FileStorage storage = new FileStorage(path);
        storage.open(Recovery.DROP_TORN_TAIL, readOnly);
        KnownFrames.recover(storage);
        return storage;
    }

    private static void assertLocked(Path path, boolean readOnly, String holder) {
        assertThatThrownBy(() -> open(path, readOnly))
                .isInstanceOf(KvException.Locked.class)
                .hasMessageContaining(holder);
    }

    /** Starts a process that opens the store and keeps it; returns when it has, or was turned away, as it is expected to. */
    private Process holder(boolean readOnly, String answer) throws IOException {
        Process child = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        store.toString(),
                        Boolean.toString(readOnly))
                .redirectErrorStream(true)
                .start();
        children.add(child);
        try (BufferedReader output = child.inputReader()) {
            assertThat(output.readLine()).isEqualTo(answer);
        }
        return child;
    }

    /** The other process. */
    static final class Holder {
        static final int TURNED_AWAY = 3;

        public static void main(String[] arguments) throws InterruptedException {
            boolean readOnly = Boolean.parseBoolean(arguments[1]);
            try {
                FileStorage storage = open(Path.of(arguments[0]), readOnly);
                if (!readOnly) {
                    KnownFrames.append(storage, 1, Durability.SYNC);
                }
            } catch (KvException.Locked e) {
                System.out.println("turned away");
                System.exit(TURNED_AWAY);
            }
            System.out.println("held");
            Thread.currentThread().join();
        }
    }
}
