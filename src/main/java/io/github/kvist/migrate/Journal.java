// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.migrate;

import io.github.kvist.api.KvException;
import io.github.kvist.backend.Stored;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * How far the target is behind its source. It lies in the target, and is written by the same commit as what it describes, or by a later
 * one: what it says is so, wherever the process was killed.
 *
 * <pre>
 * u8 format (1) | utf id | i64 owner | u8 stage | u8 repairing | i64 position | i32 keyspace | i32 length | from | i64 copied | i64 applied
 * </pre>
 *
 * <p>Numbers are big-endian, texts as {@link DataOutputStream#writeUTF} writes them, stages 0 copying, 1 following, 2 cut over.
 *
 * @param id of the pair of stores, which the source has too
 * @param owner of the process that wrote it, so that two do not work at once
 * @param isRepairing whether what is there already is compared with the source, and not only added to
 * @param position the revision of the source through which all its commits have been applied
 * @param keyspace which one of the plan is being copied
 * @param from the key in it at which to go on
 * @param copied entries
 * @param applied changes that commits of the source brought
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Journal(
        String id,
        long owner,
        Stage stage,
        boolean isRepairing,
        long position,
        int keyspace,
        byte[] from,
        long copied,
        long applied) {

    static final byte[] START = {};

    private static final int FORMAT = 1;
    private static final List<Stage> STAGES = List.of(Stage.COPYING, Stage.FOLLOWING, Stage.CUT_OVER);

    /** What is to be done next. */
    enum Stage {
        COPYING,
        FOLLOWING,
        /** The target is what the application works with. */
        CUT_OVER
    }

    /** Of a target in which nothing is yet. */
    static Journal begun(String id, long position) {
        return new Journal(id, 0, Stage.COPYING, false, position, 0, START, 0, 0);
    }

    /** Of a target that is known to be as the source was at {@code position}. */
    static Journal following(String id, long position) {
        return new Journal(id, 0, Stage.FOLLOWING, false, position, 0, START, 0, 0);
    }

    Journal ownedBy(long process) {
        return new Journal(id, process, stage, isRepairing, position, keyspace, from, copied, applied);
    }

    Journal at(Stage next) {
        return new Journal(id, owner, next, false, position, 0, START, copied, applied);
    }

    /** Everything is to be compared once, beginning now. */
    Journal repairingAt(long revision) {
        return new Journal(id, owner, Stage.COPYING, true, revision, 0, START, copied, applied);
    }

    Journal applied(long revision, long changes) {
        return new Journal(id, owner, stage, isRepairing, revision, keyspace, from, copied, applied + changes);
    }

    /** With a chunk more. */
    Journal copied(Chunk chunk) {
        byte[] to = chunk.to();
        long entries = copied + chunk.items().size();
        return to == null
                ? new Journal(id, owner, stage, isRepairing, position, keyspace + 1, START, entries, applied)
                : new Journal(id, owner, stage, isRepairing, position, keyspace, to, entries, applied);
    }

    byte[] toBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(FORMAT);
            out.writeUTF(id);
            out.writeLong(owner);
            out.writeByte(STAGES.indexOf(stage));
            out.writeBoolean(isRepairing);
            out.writeLong(position);
            out.writeInt(keyspace);
            out.writeInt(from.length);
            out.write(from);
            out.writeLong(copied);
            out.writeLong(applied);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    /**
     * Reads what {@link #toBytes} wrote.
     *
     * @param where the target, for messages
     * @throws KvException.UnsupportedFormat if a newer version wrote it
     * @throws KvException.Corrupt if it is not whole
     */
    static Journal of(Stored stored, String where) {
        try (DataInputStream in =
                new DataInputStream(new ByteArrayInputStream(stored.array(), stored.offset(), stored.length()))) {
            int format = in.readUnsignedByte();
            if (format != FORMAT) {
                throw new KvException.UnsupportedFormat("The journal of a migration in " + where + " has format "
                        + format + "; this version knows " + FORMAT
                        + ". Go on with the version that began it, or a newer one.");
            }
            Journal read = new Journal(
                    in.readUTF(),
                    in.readLong(),
                    STAGES.get(in.readUnsignedByte()),
                    in.readBoolean(),
                    in.readLong(),
                    in.readInt(),
                    key(in),
                    in.readLong(),
                    in.readLong());
            if (in.available() > 0) {
                throw new IOException(in.available() + " bytes too many");
            }
            return read;
        } catch (IOException | IndexOutOfBoundsException damaged) {
            throw new KvException.Corrupt(
                    "The journal of a migration in " + where + " (" + stored.length()
                            + " bytes) cannot be read. Empty the target and begin again.",
                    damaged);
        }
    }

    private static byte[] key(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new IOException("a key of " + length + " bytes");
        }
        return in.readNBytes(length);
    }
}
