// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import static io.github.kvist.engine.EngineFixture.bytes;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.Durability;
import io.github.kvist.api.Options;
import io.github.kvist.api.Retention;
import io.github.kvist.format.CommitReader;
import io.github.kvist.format.CommitWriter;
import io.github.kvist.testkit.HeapStorage;
import io.github.kvist.tree.RadixTree;
import io.github.kvist.wal.Batch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A commit that fails on its way into the log, and those behind it. */
final class HeadTest {

    private final HeapStorage storage = new HeapStorage();
    private final Revisions revisions = new Revisions(new Retention(10, Duration.ZERO, 1 << 20), Root.EMPTY);
    private final Head head =
            new Head(revisions, new AtomicLong(), MemoryLimit.of(Options.defaults(), revisions), storage);

    @AfterEach
    void close() {
        head.close();
    }

    @Test
    void nothingIsLeftOfACommitForWhichMemoryRanOut() {
        Error noMemory = new OutOfMemoryError("of a test");
        assertThatThrownBy(() -> commit("lost", writer -> {
                    throw noMemory;
                }))
                .isSameAs(noMemory);
        assertThat(head.appliedRevision()).isZero();

        commit("kept", writer -> {});

        assertThat(keysInTheLog()).containsExactly("kept");
        assertThat(head.visible().revision).isEqualTo(1);
    }

    /** A put, behind which {@code then} comes. */
    private void commit(String key, Consumer<CommitWriter> then) {
        Batch<Root> batch;
        head.lock().lock();
        try {
            Root next = head.applied().next(1, new RadixTree[0], false);
            batch = head.log(next, 0, Durability.SYNC, writer -> {
                writer.put(1, bytes(key), bytes("value"), 0, 5, 1, RadixTree.NEVER);
                then.accept(writer);
            });
        } finally {
            head.lock().unlock();
        }
        head.await(batch, true);
    }

    private List<String> keysInTheLog() {
        List<String> keys = new ArrayList<>();
        storage.replay(0, (first, array, offset, length, where) -> {
            CommitReader reader = new CommitReader(array, offset, length, where);
            while (reader.nextCommit()) {
                while (reader.nextOperation()) {
                    keys.add(new String(reader.key(), UTF_8));
                }
            }
        });
        return keys;
    }
}
