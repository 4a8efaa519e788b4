// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.file;

import io.github.kvist.backend.FileSystem;

/** Storages whose log changes its file often, and whose every run is the same. */
final class SmallSegments {
    static final int FIRST = 512;
    static final int LARGEST = 2048;

    private SmallSegments() {}

    static FileStorage storage(FileSystem files) {
        return new FileStorage(files, FIRST, LARGEST, Runnable::run);
    }
}
