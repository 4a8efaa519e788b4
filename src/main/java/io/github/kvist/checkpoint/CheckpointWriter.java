// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.checkpoint;

import io.github.kvist.api.KvException;
import io.github.kvist.api.ProgressListener;
import io.github.kvist.backend.Storage.CheckpointSink;
import io.github.kvist.format.ImageFooter;
import io.github.kvist.format.ImageHeader;
import io.github.kvist.format.ImageTail;
import io.github.kvist.tree.RadixTree;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/** Writes an image as it lies in memory, page by page, in key order. */
public final class CheckpointWriter {
    private CheckpointWriter() {}

    /**
     * Writes {@code image} from first to last byte; whether it counts is then decided by {@link CheckpointSink#complete}, which is
     * left to the caller.
     *
     * <p>Needs one block of memory (about a quarter of a megabyte) and 32 bytes for each block written. The trees never change, so
     * commits go on meanwhile.
     *
     * @throws RuntimeException whatever the sink throws; what it got is then useless
     */
    public static void write(Image image, CheckpointSink sink) {
        write(image, sink, entries -> {});
    }

    private static void write(Image image, CheckpointSink sink, LongConsumer progress) {
        byte[] header = new ImageHeader(image.revision()).encode();
        sink.write(header, 0, header.length);
        BlockWriter blocks = new BlockWriter(sink, header.length, progress);
        List<ImageFooter.Tree> totals = new ArrayList<>();
        for (RadixTree tree : image.trees()) {
            blocks.write(totals.size(), tree);
            totals.add(new ImageFooter.Tree(tree.count(), tree.bytes()));
        }
        byte[] footer = blocks.footer(image.revision(), image.versions(), image.millis(), totals);
        sink.write(footer, 0, footer.length);
        byte[] tail = ImageTail.behind(blocks.position(), footer).encode();
        sink.write(tail, 0, tail.length);
    }

    /**
     * Writes {@code image} to a stream, which stays open.
     *
     * @param listener is told of entries, behind each block
     * @throws KvException.Unavailable if the stream fails
     */
    public static void write(Image image, OutputStream target, ProgressListener listener) {
        StreamSink sink = new StreamSink(target);
        long total = image.trees().stream().mapToLong(RadixTree::count).sum();
        write(image, sink, entries -> listener.progressed(entries, total));
        sink.complete();
    }

    private record StreamSink(OutputStream target) implements CheckpointSink {
        @Override
        public void write(byte[] source, int offset, int length) {
            try {
                target.write(source, offset, length);
            } catch (IOException failed) {
                throw unwritable(failed);
            }
        }

        @Override
        public void complete() {
            try {
                target.flush();
            } catch (IOException failed) {
                throw unwritable(failed);
            }
        }

        @Override
        public void close() {
            // The stream is the caller's.
        }

        private static KvException.Unavailable unwritable(IOException failed) {
            return new KvException.Unavailable(
                    "The image cannot be written to its stream (" + failed
                            + "), so what is there is no image. The store itself is unharmed; try again.",
                    failed);
        }
    }
}
