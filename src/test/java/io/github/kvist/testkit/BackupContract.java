// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.Capability;
import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups in files. */
@Needs(Capability.IMAGES)
abstract class BackupContract extends StoreContract {

    @TempDir
    private Path directory;

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void backupIsOneFileOfItsOwnerAndComesBackWhole() throws IOException {
        put(Person.of("ann", "Oslo", "x"));
        Path backup = directory.resolve("backup");
        store.admin().backup(backup);

        assertThat(files()).containsExactly("backup");
        if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(backup)))
                    .isEqualTo("rw-------");
        }
        StoreHome home = newHome();
        try (KvStore other = home.open(Options.defaults())) {
            other.admin().restore(backup);
            assertThat(other.in(PEOPLE).by(BY_CITY).eq("Oslo").keys()).containsExactly("ann");
            assertThat(other.revision()).isEqualTo(store.revision());
        }
        home.close();
    }

    /** More than a few blocks of an image. */
    private void putMany() {
        store.update(tx -> {
            for (long i = 0; i < 20_000; i++) {
                tx.in(BLOBS).put(i, new byte[100]);
            }
        });
    }

    @Test
    void backupTellsOfEntriesWrittenAndReadAgain() {
        putMany();
        ProgressLog told = new ProgressLog();

        store.admin().backup(directory.resolve("backup"), told);

        long total = told.totals.iterator().next();
        told.requireRisingTo(total, total);
        assertThat(total).isEven().isBetween(40_000L, 40_100L);
        assertThat(told.done).anyMatch(done -> done < total / 2).anyMatch(done -> done > total / 2 && done < total);
    }

    @Test
    void backupOfAnEmptyStoreIsToldToo() {
        ProgressLog told = new ProgressLog();

        store.admin().backup(directory.resolve("backup"), told);

        assertThat(told.done).endsWith(told.totals.iterator().next());
    }

    @Test
    void listenerEndsABackupWhichLeavesNothingBehind() throws IOException {
        putMany();
        ProgressLog all = new ProgressLog();
        store.admin().backup(directory.resolve("backup"), all);
        Files.delete(directory.resolve("backup"));

        for (int calls = 0; calls < all.done.size(); calls++) {
            ProgressLog told = new ProgressLog(calls);
            assertThatThrownBy(() -> store.admin().backup(directory.resolve("backup"), told))
                    .isInstanceOf(ProgressLog.Enough.class);
            assertThat(files()).isEmpty();
        }
        store.in(WORDS).put("a", "1");
    }

    @Test
    void restoreTellsOfTheBytesOfItsFile() throws IOException {
        putMany();
        Path backup = directory.resolve("backup");
        store.admin().backup(backup);
        store.in(BLOBS).clear();
        ProgressLog told = new ProgressLog();

        store.admin().restore(backup, told);

        told.requireRisingTo(Files.size(backup), Files.size(backup));
        assertThat(store.in(BLOBS).count()).isEqualTo(20_000);
    }

    @Test
    void backupReplacesNothingAndWantsAParent() throws IOException {
        Path present = Files.writeString(directory.resolve("present"), "mine");

        assertThatThrownBy(() -> store.admin().backup(present)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.admin().backup(directory)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.admin().backup(directory.resolve("no").resolve("backup")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.admin().backup(present.resolve("backup")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(files()).containsExactly("present");
        assertThat(present).hasContent("mine");
    }

    @Test
    void damagedBackupIsRefusedAndLeavesNothingBehind() throws IOException {
        store.in(WORDS).put("a", "1");
        Path backup = directory.resolve("backup");
        store.admin().backup(backup);
        byte[] bytes = Files.readAllBytes(backup);
        bytes[bytes.length / 2] ^= 1;
        Files.write(backup, bytes);
        StoreHome home = newHome();
        try (KvStore other = home.open(Options.defaults())) {
            assertThatThrownBy(() -> other.admin().restore(backup))
                    .isInstanceOf(KvException.Corrupt.class)
                    .hasMessageContaining(backup.toString());
            assertThat(other.in(WORDS).count()).isZero();
            assertThat(other.revision()).isZero();
        }
        home.close();
    }

    @Test
    void onlyAFileCanBeRestored() {
        assertThatThrownBy(() -> store.admin().restore(directory)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.admin().restore(directory.resolve("none")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void backupUnderLoadIsOnePointInTime() throws InterruptedException {
        AtomicBoolean done = new AtomicBoolean();
        store.update(tx -> {
            tx.in(BLOBS).put(1L, new byte[] {0});
            tx.in(BLOBS).put(2L, new byte[] {0});
        });
        Thread writer = new Thread(() -> {
            for (int i = 1; !done.get(); i++) {
                byte[] value = {(byte) i, (byte) (i >> 8)};
                store.update(tx -> {
                    tx.in(BLOBS).put(1L, value);
                    tx.in(BLOBS).put(2L, value);
                });
            }
        });
        writer.start();
        try {
            for (int i = 0; i < 20; i++) {
                Path backup = directory.resolve("backup" + i);
                store.admin().backup(backup);
                StoreHome home = newHome();
                try (KvStore other = home.open(Options.defaults())) {
                    other.admin().restore(backup);
                    assertThat(other.in(BLOBS).getOrNull(1L))
                            .isEqualTo(other.in(BLOBS).getOrNull(2L));
                }
                home.close();
            }
        } finally {
            done.set(true);
            writer.join();
        }
    }

    @Test
    void interruptDisturbsNoBackupAndIsKept() throws IOException {
        store.in(WORDS).put("a", "1");
        Thread.currentThread().interrupt();
        try {
            store.admin().backup(directory.resolve("backup"));
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(files()).containsExactly("backup");
    }
}
