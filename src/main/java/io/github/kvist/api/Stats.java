// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.api;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Figures of a store at one moment, see {@code docs/operations.md}. What is counted is counted from the opening of the store.
 * Bytes of keys and values are those of their encoded forms. Immutable.
 *
 * @param revision the newest visible commit; that of all sizes
 * @param tables every table that holds records, those that the program never named too, by name
 * @param memory what all that takes on the heap
 * @param disk what the store keeps on its storage
 * @param commits what was written
 * @param expiry what is due, and what was swept
 * @param snapshots what programs hold open, and so keep from being collected
 * @param watches who follows the commits
 */
public record Stats(
        long revision,
        List<TableSize> tables,
        Memory memory,
        Disk disk,
        Commits commits,
        Expiries expiry,
        Snapshots snapshots,
        Watches watches) {

    public Stats {
        tables = List.copyOf(tables);
    }

    /** Records of all tables. */
    public long entries() {
        return tables.stream().mapToLong(TableSize::entries).sum();
    }

    /** The figures of a table; empty if it holds nothing. */
    public Optional<TableSize> table(String name) {
        return tables.stream().filter(table -> table.name().equals(name)).findFirst();
    }

    /**
     * A table.
     *
     * @param entries records, without those that are due
     * @param due records that are due and not swept yet
     * @param bytes of all keys and values, due ones included, indexes excluded
     * @param indexes by name
     */
    public record TableSize(String name, long entries, long due, long bytes, List<IndexSize> indexes) {
        public TableSize {
            indexes = List.copyOf(indexes);
        }
    }

    /**
     * An index of a table.
     *
     * @param entries due ones included
     * @param bytes of the keys of all entries
     */
    public record IndexSize(String name, long entries, long bytes) {}

    /**
     * What the store has on the heap. Estimates are on the safe side for ordinary data.
     *
     * @param payloadBytes of all keys and values, of the indexes and of the store's own notes too
     * @param dataBytes the same with an estimate of what it takes to store them
     * @param historyBytes an estimate of what is kept for older commits alone
     * @param limit {@link Options#maxBytes}, which {@code dataBytes + historyBytes} may not pass; empty if there is none
     */
    public record Memory(long payloadBytes, long dataBytes, long historyBytes, OptionalLong limit) {}

    /**
     * What the store has on its storage; all 0 if it keeps nothing.
     *
     * @param bytes of the log and the checkpoints
     * @param bytesMax how large that may become with the data that the store has now
     * @param checkpointBytes of the newest checkpoint
     * @param logBytes since the newest checkpoint: what the next opening would replay
     * @param checkpoints how many were written
     * @param checkpointsFailed how many attempts failed; the log grows until one succeeds
     */
    public record Disk(
            long bytes, long bytesMax, long checkpointBytes, long logBytes, long checkpoints, long checkpointsFailed) {

        public static final Disk NONE = new Disk(0, 0, 0, 0, 0, 0);
    }

    /**
     * What was written.
     *
     * @param commits visible or about to be, sweeps included
     * @param conflicts attempts that lost against another commit; {@code write} and {@code update} run again after one
     * @param frames writes of the log; one for all the commits that wait at that moment
     * @param syncs how many of them were synced
     * @param batchMean commits for each frame; 0 before the first
     * @param batchMax the most commits of one frame
     */
    public record Commits(long commits, long conflicts, long frames, long syncs, double batchMean, long batchMax) {}

    /**
     * Expiry.
     *
     * @param due entries of tables that are due and not swept yet
     * @param sweeps commits that removed entries that were due
     * @param expired records that they removed
     */
    public record Expiries(long due, long sweeps, long expired) {}

    /**
     * Snapshots that were opened and not closed. What closures see, and transactions, are not counted.
     *
     * @param oldest empty if none is open
     */
    public record Snapshots(int open, Optional<OpenSnapshot> oldest) {}

    /**
     * One that is open.
     *
     * @param revision what it sees, and keeps from being collected
     * @param origin by which thread it was opened, and where in the code unless it was one of many
     */
    public record OpenSnapshot(long revision, Duration age, String origin) {}

    /**
     * Watches. One that still catches up with older commits reads them at its own pace and is not counted.
     *
     * @param lag how many commits wait for the slowest
     */
    public record Watches(int open, long lag) {

        public static final Watches NONE = new Watches(0, 0);
    }
}
