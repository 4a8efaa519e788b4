// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.format;

import static io.github.kvist.format.LittleEndian.crc32c;
import static io.github.kvist.format.LittleEndian.getInt;
import static io.github.kvist.format.LittleEndian.getLong;
import static io.github.kvist.format.LittleEndian.putInt;
import static io.github.kvist.format.LittleEndian.putLong;

import io.github.kvist.api.KvException;
import org.jspecify.annotations.Nullable;

/**
 * Which files make up a store. It is replaced as a whole, never changed in place.
 *
 * <pre>
 *     0  KVISTMAN          magic
 *     8  u32               version
 *    12  u32               length of the manifest, {@value #SIZE}
 *    16  u64               store id
 *    24  u64               features: bits that a reader must know; none so far
 *    32  u32 u32 u64       log start: segment, checksum of the frame before it, last revision before it
 *    48  u32 u32 u64 u64   mark: segment, checksum of the last frame, end of that frame, its last revision
 *    72  u64               length to which the marked segment was prepared
 *    80  u32 u32           sealed: 1 after a clean close, else 0; number of the checkpoint, 0 if there is none
 *    88  u64 u64 u32       checkpoint: revision, length of its file, checksum of its file
 *   108  0 …
 *   124  u32               crc32c of all before it
 * </pre>
 *
 * <p>The magic, the version, the length and the checksum as the last four bytes keep their place in every later version.
 *
 * @param start where the log begins
 * @param mark a place in the log up to which all was on stable storage when the manifest was written; the segment is 0 if the
 *     log has none yet. Behind it lies nothing if {@code sealed}
 * @param preparedLength what the marked segment is never shorter than, unless {@code sealed}
 * @param sealed whether the store was closed properly and not written to since
 */
public record Manifest(
        long storeId,
        Start start,
        Mark mark,
        long preparedLength,
        boolean sealed,
        @Nullable Checkpoint checkpoint) {

    public static final int SIZE = 128;
    public static final int VERSION = 1;

    private static final long MAGIC = Envelope.magic("KVISTMAN");
    private static final int CRC = SIZE - 4;

    /**
     * Where the log begins.
     *
     * @param segment the first segment that is needed
     * @param predecessor checksum of the frame before its first
     * @param revision the last revision before it
     */
    public record Start(int segment, int predecessor, long revision) {}

    /**
     * A place in the log.
     *
     * @param crc checksum of the frame that ends here
     * @param position byte of the segment at which the next frame belongs
     * @param revision the last one up to here
     */
    public record Mark(int segment, int crc, long position, long revision) {

        /** In a log without any segment. */
        public static final Mark NONE = new Mark(0, 0, 0, 0);

        /** Whether both stand at the same place of the same log; see {@link CheckpointHeader#isOf} for why not equals. */
        public boolean isAt(Mark other) {
            return segment == other.segment
                    && crc == other.crc
                    && position == other.position
                    && revision == other.revision;
        }
    }

    /**
     * The file of the newest checkpoint.
     *
     * @param length of the file in bytes, its header included
     * @param crc checksum of the whole file
     */
    public record Checkpoint(int number, long revision, long length, int crc) {}

    /** Of a store that has just been made. */
    public static Manifest ofNewStore(long storeId) {
        return new Manifest(storeId, new Start(1, 0, 0), Mark.NONE, 0, true, null);
    }

    public Manifest withStart(Start start) {
        return new Manifest(storeId, start, mark, preparedLength, sealed, checkpoint);
    }

    public Manifest withCheckpoint(Checkpoint checkpoint) {
        return new Manifest(storeId, start, mark, preparedLength, sealed, checkpoint);
    }

    /** For a log that ends at {@code mark} and goes on growing. */
    public Manifest unsealed(Mark mark, long preparedLength) {
        return new Manifest(storeId, start, mark, preparedLength, false, checkpoint);
    }

    /** For a log that ends at {@code mark}, and for good. */
    public Manifest sealed(Mark mark) {
        return new Manifest(storeId, start, mark, mark.position(), true, checkpoint);
    }

    /** How many bytes a segment of the log has at least; one that has fewer was cut. */
    public long leastLength(SegmentHeader segment) {
        return segment.segment() == mark.segment ? preparedLength : segment.capacity();
    }

    public byte[] encode() {
        byte[] bytes = new byte[SIZE];
        putLong(bytes, 0, MAGIC);
        putInt(bytes, 8, VERSION);
        putInt(bytes, 12, SIZE);
        putLong(bytes, 16, storeId);
        putInt(bytes, 32, start.segment);
        putInt(bytes, 36, start.predecessor);
        putLong(bytes, 40, start.revision);
        putInt(bytes, 48, mark.segment);
        putInt(bytes, 52, mark.crc);
        putLong(bytes, 56, mark.position);
        putLong(bytes, 64, mark.revision);
        putLong(bytes, 72, preparedLength);
        putInt(bytes, 80, sealed ? 1 : 0);
        if (checkpoint != null) {
            putInt(bytes, 84, checkpoint.number);
            putLong(bytes, 88, checkpoint.revision);
            putLong(bytes, 96, checkpoint.length);
            putInt(bytes, 104, checkpoint.crc);
        }
        putInt(bytes, CRC, crc32c(bytes, 0, CRC));
        return bytes;
    }

    /**
     * Reads a manifest.
     *
     * @param bytes the whole file
     * @throws KvException.Corrupt if it is not as it was written
     * @throws KvException.UnsupportedFormat if a newer version wrote it, or uses a feature unknown here
     */
    public static Manifest decode(byte[] bytes, String where) {
        Envelope.check(bytes, SIZE, MAGIC, VERSION, where);
        long features = getLong(bytes, 24);
        if (features != 0) {
            throw new KvException.UnsupportedFormat(
                    "%s asks for features %x that this library does not know: a newer version wrote it. Open it with that version."
                            .formatted(where, features));
        }
        int number = getInt(bytes, 84);
        Checkpoint checkpoint =
                number == 0 ? null : new Checkpoint(number, getLong(bytes, 88), getLong(bytes, 96), getInt(bytes, 104));
        Manifest manifest = new Manifest(
                getLong(bytes, 16),
                new Start(getInt(bytes, 32), getInt(bytes, 36), getLong(bytes, 40)),
                new Mark(getInt(bytes, 48), getInt(bytes, 52), getLong(bytes, 56), getLong(bytes, 64)),
                getLong(bytes, 72),
                getInt(bytes, 80) != 0,
                checkpoint);
        if (!manifest.isPlausible()) {
            throw new KvException.Corrupt(where + " contradicts itself: " + manifest + ". Restore a backup.");
        }
        return manifest;
    }

    /** The checksum was right, so only a mistake or malice can have written anything else. */
    private boolean isPlausible() {
        boolean startFits = start.segment >= 1 && start.revision >= 0;
        boolean markFits = mark.segment >= 0
                && mark.revision >= 0
                && mark.position >= 0
                && (mark.segment == 0 || mark.position >= SegmentHeader.SIZE)
                && preparedLength >= mark.position;
        boolean checkpointFits = checkpoint == null
                ? start.revision == 0
                : checkpoint.number > 0
                        && checkpoint.length >= CheckpointHeader.SIZE
                        && checkpoint.revision >= start.revision;
        return startFits && markFits && checkpointFits;
    }
}
