// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.api.Durability;
import io.github.kvist.backend.Storage;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Frames and checkpoints whose bytes follow from their revision, so that whatever a storage hands back can be judged. */
public final class KnownFrames {
    private static final int LONGEST = 300;

    private KnownFrames() {}

    /** The payload of the frame that begins with a revision: 0 to 300 bytes. */
    public static byte[] payload(long firstRevision) {
        Random random = new Random(firstRevision * 31 + 17);
        byte[] bytes = new byte[random.nextInt(LONGEST)];
        random.nextBytes(bytes);
        return bytes;
    }

    /** What a checkpoint of a revision holds: up to 3,000 bytes. */
    public static byte[] image(long revision) {
        Random random = new Random(-revision);
        byte[] bytes = new byte[random.nextInt(3000)];
        random.nextBytes(bytes);
        return bytes;
    }

    public static void append(Storage storage, long revision, Durability durability) {
        append(storage, revision, revision, durability);
    }

    /** Appends one frame of several revisions. */
    public static void append(Storage storage, long first, long last, Durability durability) {
        append(storage, first, last, payload(first), durability);
    }

    public static void append(Storage storage, long first, long last, byte[] payload, Durability durability) {
        int offset = Storage.HEAD_ROOM + 3;
        byte[] frame = new byte[offset + payload.length + Storage.TAIL_ROOM];
        Arrays.fill(frame, (byte) 0x5a);
        System.arraycopy(payload, 0, frame, offset, payload.length);
        storage.append(first, last, frame, offset, payload.length, durability);
    }

    /** Writes a checkpoint, and cuts the log before it. */
    public static void checkpoint(Storage storage, long revision) {
        try (Storage.CheckpointSink sink = storage.newCheckpoint(revision)) {
            byte[] image = image(revision);
            int half = image.length / 2;
            sink.write(image, 0, half);
            sink.write(image, half, image.length - half);
            sink.complete();
        }
        storage.cut(revision);
    }

    /**
     * Does what an engine does first: reads the checkpoint and the frames behind it, each of which must be as it was written.
     *
     * @return the newest revision
     */
    public static long recover(Storage storage) {
        long checkpoint = readCheckpoint(storage.checkpoint());
        long[] newest = {checkpoint};
        storage.replay(checkpoint, (first, array, offset, length, where) -> {
            assertThat(first).as(where).isEqualTo(newest[0] + 1);
            assertThat(Arrays.copyOfRange(array, offset, offset + length))
                    .as(where)
                    .isEqualTo(payload(first));
            newest[0] = first;
        });
        return newest[0];
    }

    private static long readCheckpoint(Storage.@Nullable CheckpointSource source) {
        if (source == null) {
            return 0;
        }
        try (source) {
            byte[] bytes = new byte[(int) source.length()];
            source.read(0, bytes, 0, bytes.length);
            assertThat(bytes).as(source.description()).isEqualTo(image(source.revision()));
            return source.revision();
        }
    }
}
