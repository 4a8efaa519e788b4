// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.linearizability;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.Kvist;
import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.ReadTransaction;
import io.github.kvist.api.Snapshot;
import io.github.kvist.api.Table;
import io.github.kvist.api.TableWriter;
import io.github.kvist.api.WriteTransaction;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.util.function.Consumer;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Transactions over two keys, and views that see both. */
@Tag("campaign")
@Param(name = "value", gen = IntGen.class, conf = "1:5")
public class LinearizableTransactionsTest {

    static final Table<Integer, Long> TABLE = Table.of("pair", Keys.int32(), Values.int64());
    static final int LEFT = 1;
    static final int RIGHT = 2;

    final KvStore store = Kvist.inMemory();

    @Operation
    public void put(@Param(name = "value") int left, @Param(name = "value") int right) {
        store.update(tx -> {
            tx.in(TABLE).put(LEFT, (long) left);
            tx.in(TABLE).put(RIGHT, (long) right);
        });
    }

    @Operation
    public void swap() {
        committed(tx -> {
            TableWriter<Integer, Long> pair = tx.in(TABLE);
            long left = pair.get(LEFT).orElse(0L);
            pair.put(LEFT, pair.get(RIGHT).orElse(0L));
            pair.put(RIGHT, left);
        });
    }

    @Operation
    public void addLeftToRight() {
        committed(tx -> {
            TableWriter<Integer, Long> pair = tx.in(TABLE);
            pair.put(RIGHT, pair.get(LEFT).orElse(0L) + pair.get(RIGHT).orElse(0L));
        });
    }

    /** Begun and committed explicitly, again and again until it succeeds. */
    private void committed(Consumer<WriteTransaction> work) {
        while (true) {
            try (WriteTransaction tx = store.begin()) {
                work.accept(tx);
                tx.commit();
                return;
            } catch (KvException.Conflict lost) {
                Thread.onSpinWait();
            }
        }
    }

    @Operation
    public String read() {
        return store.read(LinearizableTransactionsTest::both);
    }

    @Operation
    public String snapshot() {
        try (Snapshot snapshot = store.snapshot()) {
            return both(snapshot);
        }
    }

    private static String both(ReadTransaction tx) {
        return tx.in(TABLE).get(LEFT).orElse(0L) + "," + tx.in(TABLE).get(RIGHT).orElse(0L);
    }

    /** What it is to be like. */
    public static final class Model {
        private long left;
        private long right;

        public void put(int newLeft, int newRight) {
            left = newLeft;
            right = newRight;
        }

        public void swap() {
            long before = left;
            left = right;
            right = before;
        }

        public void addLeftToRight() {
            right += left;
        }

        public String read() {
            return left + "," + right;
        }

        public String snapshot() {
            return read();
        }
    }

    @Test
    void transactionsAreAtomicAndViewsAreWhole() {
        Linearizable.check(LinearizableTransactionsTest.class, Model.class);
    }

    /** Reads each key in a view of its own. */
    public static final class WithTornReads extends LinearizableTransactionsTest {
        @Override
        @Operation
        public String read() {
            long left = store.in(TABLE).get(LEFT).orElse(0L);
            Thread.yield();
            return left + "," + store.in(TABLE).get(RIGHT).orElse(0L);
        }
    }

    @Test
    void readsOfTwoViewsAreFoundOut() {
        assertThatThrownBy(() -> Linearizable.check(WithTornReads.class, Model.class))
                .isInstanceOf(LincheckAssertionError.class)
                .hasMessageContaining("read()");
    }
}
