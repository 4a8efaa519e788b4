// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.github.kvist.backend.Storage;
import io.github.kvist.format.ImageBlock;
import io.github.kvist.tree.RadixTree;
import io.github.kvist.tree.TreeEditor;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How much memory a checkpoint needs beside the trees, counted in bytes allocated: whatever was freed meanwhile counts too. */
final class CheckpointFootprintTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void writingNeedsOneBlockHoweverMuchIsWritten() {
        RadixTree tree = withBigValues(Trees.paths(100_000, 100));
        Counter counter = new Counter();
        Image image = new Image(1, 1, 1, List.of(tree));
        CheckpointWriter.write(image, counter); // so that no class is loaded below

        long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
        CheckpointWriter.write(image, counter);
        long allocated = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;

        assertThat(counter.written).isGreaterThan(2 * 25_000_000L);
        assertThat(allocated).isLessThan(2 * ImageBlock.BLOCK_BYTES + 64 * 1024);
    }

    @Test
    void verifyingCopiesEveryByteOnce() {
        byte[] bytes = CheckpointBytes.of(new Image(1, 1, 1, List.of(withBigValues(RadixTree.empty()))));

        long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
        CheckpointReader.verify(CheckpointBytes.source(bytes, 1));
        long allocated = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;

        assertThat(allocated).isLessThan(bytes.length * 5L / 4 + 2 * ImageBlock.BLOCK_BYTES);
    }

    private static RadixTree withBigValues(RadixTree tree) {
        TreeEditor editor = tree.edit();
        for (int i = 0; i < 200; i++) {
            byte[] key = {(byte) 0xff, (byte) (i >> 8), (byte) i};
            Trees.put(editor, key, new byte[i % 2 == 0 ? 1_000 : 150_000], 1_000_000 + i, RadixTree.NEVER);
        }
        return editor.freeze();
    }

    private static final class Counter implements Storage.CheckpointSink {
        private long written;

        @Override
        public void write(byte[] source, int offset, int length) {
            written += length;
        }

        @Override
        public void complete() {}

        @Override
        public void close() {}
    }
}
