// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.file;

import io.github.kvist.api.KvException;
import io.github.kvist.backend.FileSystem;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;

/** Looks at what stands where a store is to be, before anything there is touched. */
final class StoreDirectory {
    private StoreDirectory() {}

    /**
     * Whether a store is there; if not, there is a directory that one may be made in.
     *
     * @throws KvException.UnsupportedFormat if something else is there
     * @throws KvException.Corrupt if a store is there without its manifest
     * @throws KvException.Unavailable if nothing is there, and only reading is asked for
     */
    static boolean holdsStore(FileSystem files, boolean readOnly) throws IOException {
        List<String> names;
        try {
            names = files.list();
        } catch (NotDirectoryException e) {
            throw new KvException.UnsupportedFormat(
                    files.description() + " is not a directory; a store needs one of its own. Name another path.");
        } catch (NoSuchFileException e) {
            names = List.of();
        }
        if (names.contains(StoreFiles.MANIFEST)) {
            return true;
        }
        if (!StoreFiles.areOfAnUnmadeStore(names)) {
            throw names.stream().anyMatch(StoreDirectory::isOfAStore)
                    ? Failures.corrupt(files.description() + "/" + StoreFiles.MANIFEST, "the file is missing")
                    : new KvException.UnsupportedFormat(
                            files.description()
                                    + " holds other files and no store; a store needs a directory of its own. Name another path.");
        }
        if (readOnly) {
            throw new KvException.Unavailable(
                    files.description()
                            + " holds no store, and read-only none is made. Name another path, or open it to write.",
                    null);
        }
        files.create();
        return false;
    }

    private static boolean isOfAStore(String name) {
        return StoreFiles.segmentNumber(name) > 0 || StoreFiles.checkpointNumber(name) > 0;
    }
}
