// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.file;

import io.github.kvist.api.KvException;
import io.github.kvist.backend.FileSystem;
import io.github.kvist.format.CheckpointHeader;
import io.github.kvist.format.SegmentHeader;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whose store a directory holds, where its manifest does not say. */
final class StoreIdentity {
    private StoreIdentity() {}

    /**
     * The id that most files name.
     *
     * @throws KvException.UnsupportedFormat if none names any
     */
    static long of(FileSystem files) throws IOException {
        Map<Long, Integer> votes = new HashMap<>();
        for (String name : files.list()) {
            Long id = idIn(files, name);
            if (id != null) {
                votes.merge(id, 1, Integer::sum);
            }
        }
        return votes.entrySet().stream()
                .max(Map.Entry.<Long, Integer>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey)
                .orElseThrow(() -> new KvException.UnsupportedFormat(files.description()
                        + " holds no manifest, and no file whose beginning is that of a file of a store, so that nothing in it"
                        + " can be told to be one. Name the directory of a store, or restore a backup."));
    }

    private static @Nullable Long idIn(FileSystem files, String name) throws IOException {
        boolean isSegment = StoreFiles.segmentNumber(name) > 0;
        if (!isSegment && StoreFiles.checkpointNumber(name) == 0) {
            return null;
        }
        try (FileSystem.Handle file = files.openToRead(name)) {
            byte[] bytes = new byte[SegmentHeader.SIZE];
            if (file.read(0, bytes, 0, bytes.length) < bytes.length) {
                return null;
            }
            return isSegment
                    ? SegmentHeader.decode(bytes, name).storeId()
                    : CheckpointHeader.decode(bytes, name).storeId();
        } catch (KvException.Corrupt damaged) {
            return null;
        }
    }
}
