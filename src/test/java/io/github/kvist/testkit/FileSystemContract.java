// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.backend.FileSystem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What every file system promises to the storage, the real one and the simulated one alike. */
public abstract class FileSystemContract {

    /** The file system of a directory that is not there yet; the same each time within a test. */
    protected abstract FileSystem files() throws IOException;

    @Test
    void missingDirectoryCannotBeListed() {
        assertThatThrownBy(() -> files().list()).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void directoryIsMadeOnce() throws IOException {
        files().create();
        files().create("file").close();

        files().create();

        assertThat(files().list()).containsExactly("file");
    }

    @Test
    void namesAreListedInOrder() throws IOException {
        FileSystem files = made();

        files.create("b").close();
        files.create("a").close();

        assertThat(files.list()).containsExactly("a", "b");
    }

    @Test
    void missingFileIsNotMadeByOpeningIt() throws IOException {
        FileSystem files = made();

        assertThatThrownBy(() -> files.openToRead("none")).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> files.openToWrite("none")).isInstanceOf(NoSuchFileException.class);
        assertThat(files.list()).isEmpty();
    }

    @Test
    void whatHasANameExists() throws IOException {
        assertThat(files().exists("file")).isFalse();
        FileSystem files = made();

        files.create("file").close();
        assertThat(files.exists("file")).isTrue();

        files.rename("file", "other");
        assertThat(files.exists("file")).isFalse();
        assertThat(files.exists("other")).isTrue();
    }

    @Test
    void readsWhatWasWritten() throws IOException {
        FileSystem files = made();
        try (FileSystem.Handle file = files.create("file")) {
            write(file, 0, "hello");
            file.sync();
        }

        assertThat(text(files, "file")).isEqualTo("hello");
    }

    @Test
    void writesInPlaceThroughASecondHandle() throws IOException {
        FileSystem files = made();
        try (FileSystem.Handle file = files.create("file")) {
            write(file, 0, "hello world");
        }
        try (FileSystem.Handle file = files.openToWrite("file")) {
            write(file, 6, "there");
        }

        assertThat(text(files, "file")).isEqualTo("hello there");
    }

    @Test
    void syncedWritesAndPlainOnesGoToTheSameFile() throws IOException {
        FileSystem files = made();
        try (FileSystem.Handle file = files.create("file")) {
            byte[] bytes = bytes("0123456789");

            file.writeAndSync(0, bytes, 0, 2);
            file.write(2, bytes, 2, 2);
            file.writeAndSync(4, bytes, 4, 2);
            file.writeAndSync(6, bytes, 6, 2);
            file.writeAndSync(1, bytes("x"), 0, 1);

            assertThat(file.length()).isEqualTo(8);
        }
        assertThat(text(files, "file")).isEqualTo("0x234567");
    }

    @Test
    void writeBehindTheEndLeavesZeros() throws IOException {
        FileSystem files = made();
        try (FileSystem.Handle file = files.create("file")) {
            write(file, 3, "x");
        }

        assertThat(content(files, "file")).containsExactly(0, 0, 0, 'x');
    }

    @Test
    void largeWriteIsWholeEitherWay() throws IOException {
        FileSystem files = made();
        byte[] large = new byte[3_000_001];
        for (int i = 0; i < large.length; i++) {
            large[i] = (byte) (i * 31 + (i >> 13));
        }
        try (FileSystem.Handle file = files.create("file")) {
            file.write(0, large, 0, large.length);
            file.writeAndSync(large.length, large, 0, large.length);
        }

        byte[] found = content(files, "file");
        assertThat(found).hasSize(2 * large.length);
        assertThat(Arrays.copyOf(found, large.length)).isEqualTo(large);
        assertThat(Arrays.copyOfRange(found, large.length, found.length)).isEqualTo(large);
    }

    @Test
    void readStopsAtTheEndOfTheFile() throws IOException {
        FileSystem files = made();
        try (FileSystem.Handle file = files.create("file")) {
            write(file, 0, "abc");
            byte[] target = new byte[5];

            assertThat(file.read(1, target, 2, 3)).isEqualTo(2);
            assertThat(target).containsExactly(0, 0, 'b', 'c', 0);
            assertThat(file.read(3, target, 0, 5)).isZero();
            assertThat(file.read(9, target, 0, 5)).isZero();
        }
    }

    @Test
    void readerCannotWrite() throws IOException {
        FileSystem files = made();
        files.create("file").close();

        try (FileSystem.Handle file = files.openToRead("file")) {
            assertThatThrownBy(() -> write(file, 0, "x")).isInstanceOf(IOException.class);
        }
    }

    @Test
    void truncateOnlyCuts() throws IOException {
        FileSystem files = made();
        try (FileSystem.Handle file = files.create("file")) {
            write(file, 0, "abcdef");

            file.truncate(9);
            assertThat(file.length()).isEqualTo(6);

            file.truncate(2);
            assertThat(file.length()).isEqualTo(2);
        }
        assertThat(text(files, "file")).isEqualTo("ab");
    }

    @Test
    void createStartsEmpty() throws IOException {
        FileSystem files = made();
        try (FileSystem.Handle file = files.create("file")) {
            write(file, 0, "old");
        }

        files.create("file").close();

        assertThat(content(files, "file")).isEmpty();
    }

    @Test
    void renameReplaces() throws IOException {
        FileSystem files = made();
        try (FileSystem.Handle from = files.create("from");
                FileSystem.Handle to = files.create("to")) {
            write(from, 0, "new");
            write(to, 0, "old");
        }

        files.rename("from", "to");
        files.syncDirectory();

        assertThat(files.list()).containsExactly("to");
        assertThat(text(files, "to")).isEqualTo("new");
    }

    @Test
    void missingFileCannotBeRenamed() throws IOException {
        FileSystem files = made();

        assertThatThrownBy(() -> files.rename("none", "to")).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void handleFollowsItsFileToAnotherName() throws IOException {
        FileSystem files = made();
        try (FileSystem.Handle file = files.create("from")) {
            files.rename("from", "to");
            write(file, 0, "text");
            file.sync();
        }

        assertThat(text(files, "to")).isEqualTo("text");
    }

    @Test
    void openFileOutlivesItsName() throws IOException {
        FileSystem files = made();
        try (FileSystem.Handle file = files.create("file")) {
            write(file, 0, "old");
            files.delete("file");
            files.create("file").close();
            byte[] found = new byte[3];

            assertThat(file.read(0, found, 0, 3)).isEqualTo(3);
            assertThat(found).containsExactly('o', 'l', 'd');
        }
        assertThat(content(files, "file")).isEmpty();
    }

    @Test
    void deletedFileMayBeDeletedAgain() throws IOException {
        FileSystem files = made();
        files.create("file").close();

        files.delete("file");
        files.delete("file");

        assertThat(files.list()).isEmpty();
    }

    @Test
    void lockHasOneHolder() throws IOException {
        FileSystem files = made();
        FileSystem.Lock first = files.lock("lock", false);
        assertThat(first).isNotNull();

        assertThat(files.lock("lock", false)).isNull();
        assertThat(files.lock("lock", true)).isNull();
        assertThat(first.isInPlace()).isTrue();

        first.close();
        try (FileSystem.Lock second = files.lock("lock", false)) {
            assertThat(second).isNotNull();
        }
    }

    @Test
    void lockNoticesThatItsFileIsGone() throws IOException {
        FileSystem files = made();
        try (FileSystem.Lock lock = files.lock("lock", false)) {
            files.delete("lock");

            assertThat(lock.isInPlace()).isFalse();
        }
    }

    @Test
    void sharedLockMakesNoFile() throws IOException {
        FileSystem files = made();

        try (FileSystem.Lock lock = files.lock("lock", true)) {
            assertThat(lock).isNotNull();
            assertThat(lock.isInPlace()).isTrue();
            assertThat(files.list()).isEmpty();
        }
    }

    @Test
    void interruptDisturbsNothingAndIsKept() throws IOException {
        FileSystem files = made();
        byte[] found = new byte[2];

        Thread.currentThread().interrupt();
        try (FileSystem.Handle file = files.create("file")) {
            file.write(0, bytes("a"), 0, 1);
            file.writeAndSync(1, bytes("b"), 0, 1);
            file.sync();
            files.syncDirectory();
            file.read(0, found, 0, 2);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }

        assertThat(found).containsExactly('a', 'b');
    }

    private FileSystem made() throws IOException {
        files().create();
        return files();
    }

    private static void write(FileSystem.Handle file, long position, String text) throws IOException {
        byte[] bytes = bytes(text);
        file.write(position, bytes, 0, bytes.length);
    }

    private static String text(FileSystem files, String name) throws IOException {
        return new String(content(files, name), StandardCharsets.US_ASCII);
    }

    private static byte[] content(FileSystem files, String name) throws IOException {
        try (FileSystem.Handle file = files.openToRead(name)) {
            byte[] bytes = new byte[(int) file.length()];
            assertThat(file.read(0, bytes, 0, bytes.length)).isEqualTo(bytes.length);
            return bytes;
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
