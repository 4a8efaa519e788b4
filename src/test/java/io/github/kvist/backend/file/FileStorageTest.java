// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.api.Durability;
import io.github.kvist.api.Recovery;
import io.github.kvist.backend.Storage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileStorageTest {
    @TempDir
    Path directory;

    @Test
    void keepsWhatWasAppended() {
        try (FileStorage storage = open()) {
            append(storage, 1, "one");
            append(storage, 2, "two");
        }
        try (FileStorage storage = open()) {
            assertThat(storage.recovery().clean()).isTrue();
            append(storage, 3, "three");
        }

        List<String> found = new ArrayList<>();
        FileStorage storage = new FileStorage(directory.resolve("s"));
        storage.open(Recovery.STRICT, false);
        storage.replay(
                0,
                (first, array, offset, length, where) ->
                        found.add(first + new String(array, offset, length, StandardCharsets.UTF_8)));
        storage.close();
        assertThat(found).containsExactly("1one", "2two", "3three");
    }

    private FileStorage open() {
        FileStorage storage = new FileStorage(directory.resolve("s"));
        storage.open(Recovery.DROP_TORN_TAIL, false);
        storage.replay(0, (first, array, offset, length, where) -> {});
        return storage;
    }

    private static void append(Storage storage, long revision, String text) {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        byte[] frame = new byte[Storage.HEAD_ROOM + payload.length + Storage.TAIL_ROOM];
        System.arraycopy(payload, 0, frame, Storage.HEAD_ROOM, payload.length);
        storage.append(revision, revision, frame, Storage.HEAD_ROOM, payload.length, Durability.SYNC);
    }
}
