// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.Kvist;
import io.github.kvist.api.Durability;
import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.Table;
import io.github.kvist.backend.FileSystem;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading a checkpoint beside the store's writer. */
final class CheckpointStorageTest {
    private static final Table<String, Long> SIDES = Table.of("sides", Keys.string(), Values.int64());
    private static final Options READ_ONLY = Options.defaults().readOnly();

    @TempDir
    Path directory;

    @Test
    void showsTheCheckpointAndNothingLater() {
        try (KvStore writer = Kvist.open(directory)) {
            writer.in(SIDES).put("left", 1L);
            writer.admin().checkpoint();
            writer.in(SIDES).put("left", 2L);

            try (KvStore reader = Kvist.open(new CheckpointStorage(directory), READ_ONLY)) {
                assertThat(reader.revision()).isEqualTo(1);
                assertThat(reader.in(SIDES).get("left")).contains(1L);
                assertThat(reader.admin().verify().clean()).isTrue();
                assertThat(reader.admin().recovery().clean()).isTrue();
                assertThatThrownBy(() -> reader.in(SIDES).put("left", 3L)).isInstanceOf(KvException.Unsupported.class);
            }
            writer.in(SIDES).put("left", 4L);
        }
    }

    @Test
    void changesNothingInTheDirectory() throws IOException {
        try (KvStore writer = Kvist.open(directory)) {
            writer.in(SIDES).put("left", 1L);
            writer.admin().checkpoint();
            var before = Files.list(directory).sorted().toList();

            Kvist.open(new CheckpointStorage(directory), READ_ONLY).close();

            assertThat(Files.list(directory).sorted().toList()).isEqualTo(before);
        }
    }

    @Test
    void everyReadIsWholeWhileTheWriterGoesOn() throws Exception {
        try (KvStore writer = Kvist.open("file:" + directory + "?durability=os")) {
            move(writer, 1);
            writer.admin().checkpoint();
            AtomicBoolean isEnough = new AtomicBoolean();
            Thread writing = new Thread(() -> {
                for (long n = 2; !isEnough.get(); n++) {
                    move(writer, n);
                    writer.admin().checkpoint();
                }
            });
            writing.start();
            try {
                long seen = 0;
                for (int read = 0; read < 60; read++) {
                    try (KvStore reader = Kvist.open(new CheckpointStorage(directory), READ_ONLY)) {
                        long left = reader.in(SIDES).get("left").orElseThrow();
                        assertThat(reader.in(SIDES).get("right")).contains(-left);
                        assertThat(reader.revision()).isEqualTo(left).isGreaterThanOrEqualTo(seen);
                        seen = left;
                    }
                }
            } finally {
                isEnough.set(true);
                writing.join();
            }
        }
    }

    private static void move(KvStore writer, long n) {
        writer.update(tx -> {
            tx.in(SIDES).put("left", n);
            tx.in(SIDES).put("right", -n);
        });
    }

    @Test
    void checkpointThatIsReplacedBeforeItIsOpenIsLookedForAgain() {
        try (KvStore writer = Kvist.open(directory)) {
            move(writer, 1);
            writer.admin().checkpoint();
            AtomicBoolean isReplaced = new AtomicBoolean();
            FileSystem slow = beforeOpening("checkpoint-", () -> {
                if (isReplaced.compareAndSet(false, true)) {
                    move(writer, 2);
                    writer.admin().checkpoint();
                }
            });

            try (KvStore reader = Kvist.open(new CheckpointStorage(slow), READ_ONLY)) {
                assertThat(isReplaced).isTrue();
                assertThat(reader.revision()).isEqualTo(2);
                assertThat(reader.in(SIDES).get("left")).contains(2L);
            }
        }
    }

    @Test
    void damagedCheckpointIsRefused() throws IOException {
        try (KvStore writer = Kvist.open(directory)) {
            move(writer, 1);
            writer.admin().checkpoint();
        }
        Path checkpoint = Files.list(directory)
                .filter(file -> file.getFileName().toString().startsWith("checkpoint-"))
                .findFirst()
                .orElseThrow();
        byte[] bytes = Files.readAllBytes(checkpoint);
        bytes[bytes.length - 1] ^= 1;
        Files.write(checkpoint, bytes);

        assertThatThrownBy(() -> Kvist.open(new CheckpointStorage(directory), READ_ONLY))
                .isInstanceOf(KvException.Corrupt.class)
                .hasMessageContaining(checkpoint.getFileName() + ": stored checksum");
    }

    @Test
    void storeWithoutACheckpointIsRefused() {
        try (KvStore writer = Kvist.open(directory)) {
            move(writer, 1);

            assertThatThrownBy(() -> Kvist.open(new CheckpointStorage(directory), READ_ONLY))
                    .isInstanceOf(KvException.Unavailable.class)
                    .hasMessageContaining("Admin.checkpoint()");
        }
    }

    @Test
    void damageThatAppearsWhileItIsOpenIsFound() throws IOException {
        try (KvStore writer = Kvist.open(directory)) {
            move(writer, 1);
            writer.admin().checkpoint();
        }
        try (KvStore reader = Kvist.open(new CheckpointStorage(directory), READ_ONLY)) {
            Files.delete(Files.list(directory)
                    .filter(file -> file.getFileName().toString().startsWith("checkpoint-"))
                    .findFirst()
                    .orElseThrow());

            assertThat(reader.admin().verify().findings())
                    .isNotEmpty()
                    .allSatisfy(finding -> assertThat(finding.what()).contains("missing"));
        }
    }

    @Test
    void takesNoWrites() {
        CheckpointStorage storage = new CheckpointStorage(directory);

        assertThatThrownBy(() -> Kvist.open(storage, Options.defaults())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> storage.append(1, 1, new byte[100], 64, 1, Durability.SYNC))
                .isInstanceOf(KvException.Unsupported.class);
        assertThatThrownBy(() -> storage.newCheckpoint(1)).isInstanceOf(KvException.Unsupported.class);
        assertThatThrownBy(() -> storage.cut(1)).isInstanceOf(KvException.Unsupported.class);
        assertThatThrownBy(storage::verify).isInstanceOf(KvException.Closed.class);
        assertThat(storage.logBytes()).isZero();
    }

    /** The files of the directory; {@code action} comes between the decision to open one of them and its opening. */
    private FileSystem beforeOpening(String name, Runnable action) {
        FileSystem files = new LocalFiles(directory);
        return (FileSystem) Proxy.newProxyInstance(
                FileSystem.class.getClassLoader(), new Class<?>[] {FileSystem.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("openToRead") && ((String) arguments[0]).startsWith(name)) {
                        action.run();
                    }
                    try {
                        return method.invoke(files, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }
}
