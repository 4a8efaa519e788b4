// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.file;

import io.github.kvist.backend.FileSystem;
import io.github.kvist.backend.Storage;
import io.github.kvist.format.Manifest;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;

/** What the files of a store take: its log and its checkpoints, unfinished ones too. */
final class DirectorySize {
    private final FileSystem files;

    DirectorySize(FileSystem files) {
        this.files = files;
    }

    Storage.Occupancy occupancy(Manifest manifest, long largestSegmentBytes) throws IOException {
        long bytes = 0;
        long segmentBytes = largestSegmentBytes;
        for (String name : files.list()) {
            boolean isSegment = StoreFiles.segmentNumber(finished(name)) > 0;
            if (isSegment || StoreFiles.checkpointNumber(finished(name)) > 0) {
                long length = length(name);
                bytes += length;
                segmentBytes = isSegment ? Math.max(segmentBytes, length) : segmentBytes;
            }
        }
        Manifest.Checkpoint newest = manifest.checkpoint();
        long checkpointBytes = newest == null ? 0 : length(StoreFiles.checkpoint(newest.number()));
        return new Storage.Occupancy(bytes, checkpointBytes, segmentBytes);
    }

    private static String finished(String name) {
        return name.endsWith(StoreFiles.UNFINISHED)
                ? name.substring(0, name.length() - StoreFiles.UNFINISHED.length())
                : name;
    }

    /** 0 if it went meanwhile, as files do that are no longer needed. */
    private long length(String name) throws IOException {
        try (FileSystem.Handle file = files.openToRead(name)) {
            return file.length();
        } catch (NoSuchFileException | FileNotFoundException gone) {
            // The second where it went between the look whether it is there and the opening.
            return 0;
        }
    }
}
