// SPDX-License-Identifier: Apache-2.0
package io.github.kvist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.Durability;
import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.Snapshot;
import io.github.kvist.api.Stats;
import io.github.kvist.api.Table;
import io.github.kvist.api.WriteTransaction;
import io.github.kvist.backend.memory.MemoryStorage;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import io.github.kvist.testkit.HeapStorage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a store does that may not become larger. */
final class MaxBytesTest {

    private static final int LIMIT = 100_000;
    private static final String LARGE = "v".repeat(10_000);
    private static final Table<Integer, String> BLOBS = Table.of("blobs", Keys.int32(), Values.string());

    private final Options options =
            Options.defaults().durability(Durability.MEMORY).maxBytes(LIMIT);
    private HeapStorage storage = new HeapStorage();
    private KvStore store = Kvist.open(storage, options);

    @AfterEach
    void close() {
        store.close();
    }

    /** As many large values as go in. */
    private int fill() {
        for (int i = 0; i < 2 * LIMIT / LARGE.length(); i++) {
            try {
                store.in(BLOBS).put(i, LARGE);
            } catch (KvException.LimitExceeded full) {
                return i;
            }
        }
        throw new AssertionError("twice as much as may go in went in");
    }

    @Test
    void putThatWouldPassTheLimitIsRefusedWithFiguresAndARemedy() {
        int full = fill();
        assertThat(full).isBetween(7, 9);
        long revision = store.revision();

        assertThatThrownBy(() -> store.in(BLOBS).put(full, LARGE))
                .isInstanceOf(KvException.LimitExceeded.class)
                .hasMessageContaining("maxBytes")
                .hasMessageContaining("" + LIMIT)
                .hasMessageContaining("nothing was written")
                .hasMessageContaining("Delete");
        assertThat(store.revision()).isEqualTo(revision);
        assertThat(store.in(BLOBS).count()).isEqualTo(full);
        assertThat(store.admin().stats().memory().dataBytes()).isLessThanOrEqualTo(LIMIT);
    }

    @Test
    void readsDeletesAndSmallerValuesGoOn() {
        int full = fill();

        assertThat(store.in(BLOBS).get(0)).contains(LARGE);
        store.in(BLOBS).put(0, "small");
        assertThat(store.in(BLOBS).delete(1)).isTrue();
        store.in(BLOBS).put(full, LARGE);

        assertThat(store.in(BLOBS).count()).isEqualTo(full);
    }

    @Test
    void valuesOfTheSameSizeReplaceOneAnother() {
        int full = fill();
        for (int i = 0; i < 100; i++) {
            store.in(BLOBS).put(i % full, LARGE.replace('v', 'w'));
        }

        assertThat(store.in(BLOBS).get(0)).contains(LARGE.replace('v', 'w'));
    }

    @Test
    void transactionIsRefusedAtThePutThatWouldPassTheLimit() {
        try (WriteTransaction transaction = store.begin()) {
            int[] written = {0};
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 2 * LIMIT / LARGE.length(); i++) {
                            transaction.in(BLOBS).put(i, LARGE);
                            written[0]++;
                        }
                    })
                    .isInstanceOf(KvException.LimitExceeded.class);
            assertThat(written[0]).isEqualTo(9);
        }
        assertThat(store.in(BLOBS).count()).isZero();
    }

    /** With a log and without one. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void transactionsThatPassTheLimitOnlyTogetherAreRefusedAtTheCommit(boolean isLogged) {
        store.close();
        store = isLogged ? Kvist.open(storage, options) : Kvist.open(new MemoryStorage(), options);
        store.in(BLOBS).put(0, "small"); // Or both would define the table, and the second meet a conflict.
        try (WriteTransaction first = store.begin();
                WriteTransaction second = store.begin()) {
            for (int i = 0; i < 6; i++) {
                first.in(BLOBS).put(1 + i, LARGE);
                second.in(BLOBS).put(-1 - i, LARGE);
            }
            long unused = first.commit();

            assertThatThrownBy(second::commit)
                    .isInstanceOf(KvException.LimitExceeded.class)
                    .hasMessageContaining("nothing was written");
        }
        assertThat(store.in(BLOBS).count()).isEqualTo(7);
    }

    @Test
    void transactionThatDeletesFirstMayWriteAsMuch() {
        int full = fill();

        store.update(transaction -> {
            transaction.in(BLOBS).clear();
            for (int i = 0; i < full; i++) {
                transaction.in(BLOBS).put(-1 - i, LARGE);
            }
        });

        assertThat(store.in(BLOBS).count()).isEqualTo(full);
    }

    @Test
    void storeThatIsLargerThanTheLimitOpensAndShrinks() {
        int full = fill();
        store.close();
        store = Kvist.open(storage, options.maxBytes(LIMIT / 2));

        assertThat(store.in(BLOBS).count()).isEqualTo(full);
        assertThatThrownBy(() -> store.in(BLOBS).put(full, "small")).isInstanceOf(KvException.LimitExceeded.class);
        assertThatThrownBy(() -> store.in(BLOBS).put(0, LARGE + "r")).isInstanceOf(KvException.LimitExceeded.class);
        store.in(BLOBS).put(0, LARGE.replace('v', 'w'));
        store.update(transaction -> transaction.in(BLOBS).put(1, LARGE.replace('v', 'w')));
        for (int i = 0; i < full; i++) {
            assertThat(store.in(BLOBS).delete(i)).isTrue();
        }
        store.in(BLOBS).put(full, "small");

        assertThat(store.in(BLOBS).count()).isEqualTo(1);
    }

    @Test
    void imagesAndLinesThatAreTooLargeAreRefused() {
        int unused = fill();
        ByteArrayOutputStream image = new ByteArrayOutputStream();
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        try (Snapshot snapshot = store.snapshot()) {
            snapshot.writeTo(image);
        }
        store.admin().exportJsonLines(lines);

        for (HeapStorage home : new HeapStorage[] {new HeapStorage(), new HeapStorage()}) {
            try (KvStore smaller = Kvist.open(home, options.maxBytes(LIMIT / 2))) {
                assertThatThrownBy(() -> smaller.admin().restore(new ByteArrayInputStream(image.toByteArray())))
                        .isInstanceOf(KvException.LimitExceeded.class);
                assertThat(smaller.admin().stats().entries()).isZero();
                assertThatThrownBy(() -> smaller.admin().importJsonLines(new ByteArrayInputStream(lines.toByteArray())))
                        .isInstanceOf(KvException.LimitExceeded.class);
                assertThat(smaller.admin().stats().memory().dataBytes()).isLessThanOrEqualTo(LIMIT / 2);
            }
        }
    }

    @Test
    void forkHasTheLimitAndMergesWithinIt() {
        store.in(BLOBS).put(0, LARGE);
        try (Snapshot snapshot = store.snapshot();
                KvStore fork = snapshot.fork()) {
            for (int i = 1; i < 6; i++) {
                fork.in(BLOBS).put(i, LARGE);
            }
            assertThatThrownBy(() -> fork.in(BLOBS).put(9, LARGE.repeat(6)))
                    .isInstanceOf(KvException.LimitExceeded.class);
            store.in(BLOBS).put(100, LARGE.repeat(5));

            assertThatThrownBy(() -> store.merge(fork)).isInstanceOf(KvException.LimitExceeded.class);
            assertThat(store.in(BLOBS).count()).isEqualTo(2);
        }
    }

    @Test
    void historyThatWasAskedForCounts() {
        store.close();
        storage = new HeapStorage();
        store = Kvist.open(storage, options.history(1_000_000));
        store.in(BLOBS).put(0, LARGE);

        assertThatThrownBy(() -> {
                    for (int i = 0; i < 100; i++) {
                        store.in(BLOBS).put(0, LARGE.replace('v', (char) ('a' + i % 26)));
                    }
                })
                .isInstanceOf(KvException.LimitExceeded.class)
                .hasMessageContaining("history");
        Stats.Memory memory = store.admin().stats().memory();
        assertThat(memory.historyBytes()).isGreaterThan(LIMIT / 2);
        assertThat(store.in(BLOBS).delete(0)).isTrue();
    }

    @Test
    void statsTellTheLimit() {
        Stats.Memory memory = store.admin().stats().memory();

        assertThat(memory.limit()).hasValue(LIMIT);
        assertThat(memory.dataBytes()).isZero();
    }

    @Test
    void limitIsAPositiveNumber() {
        assertThatThrownBy(() -> Options.defaults().maxBytes(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0");
    }
}
