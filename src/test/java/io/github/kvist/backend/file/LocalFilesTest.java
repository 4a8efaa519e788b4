// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.backend.FileSystem;
import io.github.kvist.testkit.FileSystemContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LocalFilesTest extends FileSystemContract {
    @TempDir
    Path parent;

    @Override
    protected FileSystem files() {
        return new LocalFiles(parent.resolve("a").resolve("b"));
    }

    @Test
    void onlyTheOwnerMayEnterAndRead() throws IOException {
        files().create();
        files().create("file").close();

        assertThat(permissions(parent.resolve("a"))).isEqualTo("rwx------");
        assertThat(permissions(parent.resolve("a/b"))).isEqualTo("rwx------");
        assertThat(permissions(parent.resolve("a/b/file"))).isEqualTo("rw-------");
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void fileIsNoDirectory() throws IOException {
        Files.createDirectory(parent.resolve("a"));
        Files.createFile(parent.resolve("a/b"));

        assertThatThrownBy(() -> files().list()).isInstanceOf(NotDirectoryException.class);
    }

    @Test
    void linkToNothingAndADirectoryExistToo() throws IOException {
        files().create();
        Files.createSymbolicLink(parent.resolve("a/b/link"), parent.resolve("nothing"));
        Files.createDirectory(parent.resolve("a/b/directory"));

        assertThat(files().exists("link")).isTrue();
        assertThat(files().exists("directory")).isTrue();
    }

    @Test
    void lockIsTheSameThroughALink() throws IOException {
        files().create();
        Path link = Files.createSymbolicLink(parent.resolve("link"), parent.resolve("a/b"));

        try (FileSystem.Lock lock = files().lock("lock", false)) {
            assertThat(lock).isNotNull();
            assertThat(new LocalFiles(link).lock("lock", false)).isNull();
            assertThat(new LocalFiles(parent.resolve("a/../a/./b")).lock("lock", false))
                    .isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void threadsReadAtOnceEachAtItsPlaceAlsoWhenTheNameIsGone(boolean deleted) throws Exception {
        FileSystem files = files();
        files.create();
        byte[] content = new byte[100_000];
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) (i / 1000);
        }
        AtomicInteger right = new AtomicInteger();
        try (FileSystem.Handle file = files.create("file")) {
            file.write(0, content, 0, content.length);
            if (deleted) {
                files.delete("file");
            }
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                int mine = i;
                Thread thread = new Thread(() -> right.addAndGet(rightReads(file, mine)));
                thread.start();
                threads.add(thread);
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }

        assertThat(right).hasValue(4 * 1000);
    }

    private static int rightReads(FileSystem.Handle file, int seed) {
        byte[] target = new byte[10];
        int right = 0;
        for (int i = 0; i < 1000; i++) {
            int block = (i * 7 + seed * 25) % 100;
            try {
                file.read(block * 1000L, target, 0, 10);
            } catch (IOException e) {
                return right;
            }
            right += target[0] == block && target[9] == block ? 1 : 0;
        }
        return right;
    }
}
