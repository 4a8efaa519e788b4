// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.KvException;
import io.github.kvist.backend.Storage;
import io.github.kvist.format.ImageBlock;
import io.github.kvist.tree.RadixTree;
import io.github.kvist.tree.TreeEditor;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** What was written is read again, entry for entry. */
final class CheckpointRoundTripTest {
    @Test
    void imageWithoutTreesIsRead() {
        assertSame(new Image(0, 0, 0, List.of()));
    }

    @Test
    void emptyTreesKeepTheirPlaces() {
        assertSame(new Image(
                3,
                9,
                -5,
                List.of(RadixTree.empty(), Trees.paths(1, 8), RadixTree.empty(), Trees.motley(), RadixTree.empty())));
    }

    @Test
    void numbersOfTheImageAreRead() {
        Image read = read(CheckpointBytes.of(new Image(41, Long.MAX_VALUE, -7, List.of())), 41);

        assertThat(read.revision()).isEqualTo(41);
        assertThat(read.versions()).isEqualTo(Long.MAX_VALUE);
        assertThat(read.millis()).isEqualTo(-7);
    }

    @Test
    void hundredThousandEntriesAreRead() {
        assertSame(new Image(100_000, 100_000, 1, List.of(Trees.paths(100_000, 100))));
    }

    @Test
    void bigValuesAreReadWhateverTheirSize() {
        TreeEditor editor = RadixTree.empty().edit();
        Random random = new Random(1);
        int limit = ImageBlock.OWN_BLOCK_BYTES;
        int[] sizes = {1, 256, 257, 2_000, limit - 1, limit, limit + 1, 300_000, 3_000_000};
        for (int i = 0; i < 100; i++) {
            byte[] key = "key %d".formatted(i).getBytes(StandardCharsets.UTF_8);
            Trees.put(editor, key, Trees.value(random, sizes[i % sizes.length]), i + 1, RadixTree.NEVER);
        }

        assertSame(new Image(1, 100, 1, List.of(editor.freeze(), Trees.motley())));
    }

    @Test
    void chainsThatAreTooDeepForRadixNodesAreReadAndStaySound() {
        Image image = new Image(1, 5_000, 1, List.of(Trees.hostileChain(2_000), Trees.paths(1_000, 8)));

        Image read = assertSame(image);

        read.trees().forEach(RadixTree::check);
    }

    @Test
    void readTreeCanBeEditedFurther() {
        Image read = read(CheckpointBytes.of(new Image(1, 1, 1, List.of(Trees.hostileChain(300)))), 1);

        TreeEditor editor = read.trees().get(0).edit();
        for (int i = 300; i < 400; i++) {
            byte[] key = ("a".repeat(i) + "b").getBytes(StandardCharsets.UTF_8);
            Trees.put(editor, key, key, i + 1, RadixTree.NEVER);
        }
        RadixTree edited = editor.freeze();

        edited.check();
        assertThat(Trees.entries(edited)).isEqualTo(Trees.entries(Trees.hostileChain(400)));
    }

    @Property(tries = 300)
    void anyEntriesAreRead(
            @ForAll @Size(max = 200) Map<@Size(max = 12) List<Byte>, @IntRange(max = 700) Integer> sizes) {
        TreeEditor editor = RadixTree.empty().edit();
        Random random = new Random(sizes.size());
        sizes.forEach((key, size) -> Trees.put(
                editor, bytes(key), Trees.value(random, size), random.nextLong() >>> 1, random.nextLong() >>> 1));

        assertSame(new Image(7, Long.MAX_VALUE, 7, List.of(editor.freeze())));
    }

    @Test
    void writingLeavesCompletionToTheCaller() {
        CheckpointBytes sink = new CheckpointBytes();

        CheckpointWriter.write(new Image(1, 1, 1, List.of(Trees.motley())), sink);

        assertThat(sink.isCompleted()).isFalse();
    }

    @Test
    void checkpointOfAnotherRevisionIsRefused() {
        byte[] bytes = CheckpointBytes.of(new Image(5, 5, 5, List.of(Trees.motley())));

        assertThatThrownBy(() -> read(bytes, 6))
                .isInstanceOf(KvException.Corrupt.class)
                .hasMessageContaining("checkpoint-6 should hold revision 6")
                .hasMessageContaining("header says 5");
    }

    @Test
    void interruptNeitherDisturbsReadingNorIsLost() {
        byte[] bytes = CheckpointBytes.of(new Image(5, 5, 5, List.of(Trees.paths(20_000, 100))));

        Thread.currentThread().interrupt();
        Image read = read(bytes, 5);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(read.trees().get(0).count()).isEqualTo(20_000);
    }

    @Test
    void failureOfTheSourceIsHandedOnWhenNoThreadReadsAnyMore() {
        byte[] bytes = CheckpointBytes.of(new Image(5, 5, 5, List.of(Trees.paths(20_000, 100))));
        KvException.Unavailable failure = new KvException.Unavailable("The disk is gone.", null);
        FailingSource source = new FailingSource(CheckpointBytes.source(bytes, 5), failure, Thread.currentThread());

        assertThatThrownBy(() -> CheckpointReader.read(source)).isSameAs(failure);
        boolean hadLeft = source.firstReaderLeft;
        source.returned = true;

        assertThat(hadLeft).isTrue();
    }

    private static Image assertSame(Image image) {
        byte[] bytes = CheckpointBytes.of(image);

        Image read = read(bytes, image.revision());

        assertThat(Trees.entries(read.trees())).isEqualTo(Trees.entries(image.trees()));
        assertThat(read.trees())
                .extracting(RadixTree::count)
                .isEqualTo(image.trees().stream().map(RadixTree::count).toList());
        assertThat(CheckpointBytes.of(read)).isEqualTo(bytes);
        assertThat(CheckpointReader.verify(CheckpointBytes.source(bytes, image.revision())))
                .isEmpty();
        return read;
    }

    private static Image read(byte[] bytes, long revision) {
        return CheckpointReader.read(CheckpointBytes.source(bytes, revision));
    }

    private static byte[] bytes(List<Byte> list) {
        byte[] bytes = new byte[list.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = list.get(i);
        }
        return bytes;
    }

    /** The second block that is read fails; the first is not there before the caller waits for its reader to end. */
    private static final class FailingSource implements Storage.CheckpointSource {
        private final Storage.CheckpointSource whole;
        private final RuntimeException failure;
        private final Thread caller;
        private final AtomicInteger blocks = new AtomicInteger();
        private volatile boolean failed;
        private volatile boolean firstReaderLeft;
        private volatile boolean returned;

        FailingSource(Storage.CheckpointSource whole, RuntimeException failure, Thread caller) {
            this.whole = whole;
            this.failure = failure;
            this.caller = caller;
        }

        @Override
        public long revision() {
            return whole.revision();
        }

        @Override
        public long length() {
            return whole.length();
        }

        @Override
        public String description() {
            return whole.description();
        }

        @Override
        public void read(long position, byte[] target, int offset, int length) {
            whole.read(position, target, offset, length);
            if (length < ImageBlock.BLOCK_BYTES / 2) {
                return;
            }
            if (blocks.getAndIncrement() > 0) {
                failed = true;
                throw failure;
            }
            while (!returned && !(failed && isClosing())) {
                Thread.onSpinWait();
            }
            firstReaderLeft = true;
        }

        private boolean isClosing() {
            return Stream.of(caller.getStackTrace())
                    .anyMatch(frame -> frame.getClassName().equals(ReadAhead.class.getName())
                            && frame.getMethodName().equals("close"));
        }

        @Override
        public void close() {}
    }
}
