// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.jmh.rival;

/** Where a store keeps its data, and what a commit waits for. */
public enum Home {
    /** In memory if the store can, else in files on a memory file system that are never synced. */
    MEMORY,
    /** In files that survive a killed process; no commit waits for the disk. */
    FILES,
    /** In files; every commit is on the disk before it returns. */
    SYNCED
}
