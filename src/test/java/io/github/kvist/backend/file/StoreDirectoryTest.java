// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.Durability;
import io.github.kvist.api.KvException;
import io.github.kvist.api.Recovery;
import io.github.kvist.testkit.KnownFrames;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What may stand where a store is looked for, and what a store's directory may have gone through. */
final class StoreDirectoryTest {
    private static final String FIRST = "log-0000000002";
    private static final String SECOND = "log-0000000003";
    private static final String LAST = "log-0000000004";
    private static final String CHECKPOINT = "checkpoint-0000000001";

    @TempDir
    Path parent;

    @Test
    void directoryAndParentsAreMadeForTheOwnerAlone() throws IOException {
        Path deep = parent.resolve("a/b/store");

        fill(deep);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(deep)))
                .isEqualTo("rwx------");
        for (String name : names(deep)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(deep.resolve(name))))
                    .as(name)
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void closedStoreIsNoLongerThanItsFrames() throws IOException {
        Path store = filled("store");

        assertThat(names(store)).containsExactly("MANIFEST", CHECKPOINT, "kvist.lock", FIRST, SECOND, LAST);
        assertThat(Files.size(store.resolve(LAST))).isLessThan(SmallSegments.LARGEST);
    }

    @Test
    void closedStoreWhoseCheckpointHoldsEverythingKeepsNoLog() throws IOException {
        Path store = filled("store");

        try (FileStorage storage = open(store)) {
            KnownFrames.checkpoint(storage, 20);
        }

        assertThat(names(store)).containsExactly("MANIFEST", "checkpoint-0000000002", "kvist.lock");
    }

    @Test
    void logGoesOnBehindTheCheckpointThatItWasLeftFor() throws IOException {
        Path store = filled("store");
        try (FileStorage storage = open(store)) {
            KnownFrames.append(storage, 21, Durability.OS);
            KnownFrames.checkpoint(storage, 21);
        }

        try (FileStorage storage = open(store)) {
            assertThat(storage.recovery().clean()).isTrue();
            KnownFrames.append(storage, 22, Durability.SYNC);
        }

        assertThat(newest(store)).isEqualTo(22);
        assertThat(names(store)).containsExactly("MANIFEST", "checkpoint-0000000002", "kvist.lock", "log-0000000005");
    }

    @Test
    void logThatCameBackBehindTheCheckpointIsRefused() throws IOException {
        Path store = filled("store");
        try (FileStorage storage = open(store)) {
            KnownFrames.checkpoint(storage, 20);
        }
        byte[] older = Files.readAllBytes(store.resolve("MANIFEST"));
        try (FileStorage storage = open(store)) {
            KnownFrames.append(storage, 21, Durability.SYNC);
        }
        Files.write(store.resolve("MANIFEST"), older);

        assertRefused(store, KvException.Corrupt.class, "goes on in log-0000000005");
    }

    @Test
    void emptyDirectoryBecomesAStore() throws IOException {
        Path store = Files.createDirectory(parent.resolve("empty"));

        fill(store);

        assertThat(newest(store)).isEqualTo(20);
    }

    @Test
    void interruptedMakingIsTakenUpAgain() throws IOException {
        Path store = Files.createDirectory(parent.resolve("begun"));
        Files.createFile(store.resolve("kvist.lock"));
        Files.writeString(store.resolve("kvist.holder"), "12345");
        Files.writeString(store.resolve("MANIFEST.tmp"), "half");

        fill(store);

        assertThat(newest(store)).isEqualTo(20);
    }

    @Test
    void foreignDirectoryIsRefusedAndLeftAlone() throws IOException {
        Path foreign = Files.createDirectory(parent.resolve("foreign"));
        Files.writeString(foreign.resolve("notes.txt"), "mine");

        assertRefused(foreign, KvException.UnsupportedFormat.class, "directory of its own");
    }

    @Test
    void fileIsRefused() throws IOException {
        Path file = Files.writeString(parent.resolve("file"), "text");

        assertThatThrownBy(() -> open(file))
                .isInstanceOf(KvException.UnsupportedFormat.class)
                .hasMessageContaining("not a directory");
        assertThat(Files.readString(file)).isEqualTo("text");
    }

    @Test
    void readerMakesNothing() throws IOException {
        Path none = parent.resolve("none");
        FileStorage storage = new FileStorage(none);

        assertThatThrownBy(() -> storage.open(Recovery.STRICT, true))
                .isInstanceOf(KvException.Unavailable.class)
                .hasMessageContaining("no store");
        assertThat(Files.exists(none, LinkOption.NOFOLLOW_LINKS)).isFalse();
    }

    @Test
    void readerChangesNothing() throws IOException {
        Path store = filled("store");
        Files.delete(store.resolve("kvist.lock"));
        Files.writeString(store.resolve("log-0000000009.tmp"), "left over");
        Map<String, String> before = contents(store);

        try (FileStorage storage = storage(store)) {
            storage.open(Recovery.DROP_TORN_TAIL, true);
            assertThat(KnownFrames.recover(storage)).isEqualTo(20);
            assertThat(storage.verify()).isEmpty();
        }

        assertThat(contents(store)).isEqualTo(before);
    }

    @Test
    void openingAndClosingChangesNothing() throws IOException {
        Path store = filled("store");
        Map<String, String> before = contents(store);

        assertThat(newest(store)).isEqualTo(20);

        assertThat(contents(store)).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"MANIFEST", FIRST, SECOND, LAST, CHECKPOINT})
    void missingFileIsRefused(String name) throws IOException {
        Path store = filled("store");
        Files.delete(store.resolve(name));

        assertRefused(store, KvException.Corrupt.class, name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"MANIFEST", FIRST, SECOND, LAST, CHECKPOINT})
    void emptiedFileIsRefused(String name) throws IOException {
        Path store = filled("store");
        Files.write(store.resolve(name), new byte[0]);

        assertRefused(store, KvException.Corrupt.class, name);
    }

    @ParameterizedTest
    @ValueSource(strings = {FIRST, SECOND, LAST, CHECKPOINT})
    void fileOfAnotherStoreIsRefused(String name) throws IOException {
        Path store = filled("store");
        Path other = filled("other");
        Files.copy(other.resolve(name), store.resolve(name), StandardCopyOption.REPLACE_EXISTING);

        assertRefused(store, KvException.Corrupt.class, "another store");
    }

    @Test
    void manifestOfAnotherStoreIsRefused() throws IOException {
        Path store = filled("store");
        Files.copy(filled("other").resolve("MANIFEST"), store.resolve("MANIFEST"), StandardCopyOption.REPLACE_EXISTING);

        assertRefused(store, KvException.Corrupt.class, "another store");
    }

    @Test
    void segmentUnderAWrongNameIsRefused() throws IOException {
        Path store = filled("store");
        Files.copy(store.resolve(FIRST), store.resolve(SECOND), StandardCopyOption.REPLACE_EXISTING);

        assertRefused(store, KvException.Corrupt.class, "wrong name");
    }

    @Test
    void segmentsThatWereSwappedAreRefused() throws IOException {
        Path store = filled("store");
        Files.move(store.resolve(FIRST), store.resolve("x"));
        Files.move(store.resolve(SECOND), store.resolve(FIRST));
        Files.move(store.resolve("x"), store.resolve(SECOND));

        assertRefused(store, KvException.Corrupt.class, "wrong name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"log-0000000005", "log-0000000008"})
    void segmentBehindTheEndIsRefused(String name) throws IOException {
        Path store = filled("store");
        Files.copy(store.resolve(LAST), store.resolve(name));

        assertRefused(store, KvException.Corrupt.class, name);
    }

    @Test
    void olderManifestIsRefusedWhenTheLogWentOn() throws IOException {
        Path store = filled("store");
        byte[] older = Files.readAllBytes(store.resolve("MANIFEST"));
        try (FileStorage storage = open(store)) {
            KnownFrames.append(storage, 21, Durability.SYNC);
        }
        Files.write(store.resolve("MANIFEST"), older);

        assertRefused(store, KvException.Corrupt.class, "behind the end of the log");
    }

    @Test
    void copiedStoreIsAStore() throws IOException {
        Path store = filled("store");
        Path copy = Files.createDirectory(parent.resolve("copy"));
        for (String name : names(store)) {
            Files.copy(store.resolve(name), copy.resolve(name));
        }

        try (FileStorage first = open(store)) {
            assertThat(newest(copy)).isEqualTo(20);
            assertThat(first.verify()).isEmpty();
        }
    }

    @Test
    void leftoversAreClearedAndStrangersAreNot() throws IOException {
        Path store = filled("store");
        List<String> before = names(store);
        for (String name : List.of("log-0000000005.tmp", "checkpoint-0000000002.tmp", "checkpoint-0000000007")) {
            Files.writeString(store.resolve(name), "left over");
        }
        Files.writeString(store.resolve("notes.tmp"), "mine");

        assertThat(newest(store)).isEqualTo(20);

        assertThat(names(store)).containsAll(before).contains("notes.tmp").hasSize(before.size() + 1);
    }

    private Path filled(String name) {
        Path store = parent.resolve(name);
        fill(store);
        return store;
    }

    /** Leaves three segments and a checkpoint. */
    private static void fill(Path store) {
        try (FileStorage storage = open(store)) {
            for (long revision = 1; revision <= 12; revision++) {
                KnownFrames.append(storage, revision, Durability.SYNC);
                if (revision == 6) {
                    KnownFrames.checkpoint(storage, 4);
                }
            }
            for (long revision = 13; revision <= 20; revision++) {
                KnownFrames.append(storage, revision, Durability.SYNC);
            }
        }
    }

    private static FileStorage storage(Path store) {
        return SmallSegments.storage(new LocalFiles(store));
    }

    private static FileStorage open(Path store) {
        FileStorage storage = storage(store);
        try {
            storage.open(Recovery.DROP_TORN_TAIL, false);
            KnownFrames.recover(storage);
            return storage;
        } catch (KvException e) {
            storage.close();
            throw e;
        }
    }

    private static long newest(Path store) {
        try (FileStorage storage = open(store)) {
            return storage.recovery().revision();
        }
    }

    private static void assertRefused(Path store, Class<? extends KvException> error, String message)
            throws IOException {
        Map<String, String> before = contents(store);
        assertThatThrownBy(() -> open(store).close()).isInstanceOf(error).hasMessageContaining(message);
        assertThat(contents(store)).isEqualTo(before);
    }

    private static List<String> names(Path store) throws IOException {
        try (Stream<Path> files = Files.list(store)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static Map<String, String> contents(Path store) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.list(store)) {
            files.forEach(file -> contents.put(file.getFileName().toString(), content(file)));
        }
        return contents;
    }

    private static String content(Path file) {
        try {
            return Arrays.toString(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
