// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.Snapshot;
import io.github.kvist.api.Table;
import io.github.kvist.backend.file.LocalFiles;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import io.github.kvist.testkit.ReferenceBackend;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** Who holds snapshots, and who forgot one. */
class OpenSnapshotsTest {

    private static final Table<String, String> WORDS = Table.of("words", Keys.string(), Values.string());

    private final TableStore store = new TableStore(new ReferenceBackend(), Options.defaults(), LocalFiles::new);
    private final OpenSnapshots open = store.openSnapshots();

    @Test
    void theOldestIsTheFirstThatIsStillOpen() {
        assertThat(open.oldest()).isNull();
        Snapshot first = store.snapshot();
        store.in(WORDS).put("a", "1");
        Snapshot second = store.snapshot();
        store.in(WORDS).put("a", "2");
        Snapshot third = store.snapshot();
        assertThat(open.count()).isEqualTo(3);
        assertThat(revisionOfOldest()).isEqualTo(0);

        second.close();
        second.close();
        assertThat(open.count()).isEqualTo(2);
        first.close();
        assertThat(revisionOfOldest()).isEqualTo(2);
        third.close();
        assertThat(open.oldest()).isNull();
        assertThat(open.count()).isZero();
    }

    @Test
    void theOldestSaysWhereItWasOpenedAndHowLongAgo() {
        long before = System.nanoTime();
        try (Snapshot snapshot = Elsewhere.open(store)) {
            OpenSnapshots.Oldest oldest = Objects.requireNonNull(open.oldest());
            assertThat(snapshot.revision()).isEqualTo(oldest.revision());
            assertThat(oldest.age()).isBetween(Duration.ZERO, Duration.ofNanos(System.nanoTime() - before));
            assertThat(oldest.origin()).contains(Thread.currentThread().getName());
        }
    }

    /** Kvist reads: nothing of that is a snapshot. */
    @Test
    void readsAreNotSnapshots() {
        store.read(tx -> {
            assertThat(tx.in(WORDS).count()).isZero();
            assertThat(open.count()).isZero();
            return 0;
        });
    }

    @Test
    void aForgottenSnapshotIsReportedWithItsOrigin() throws Exception {
        BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        Logger logger = Logger.getLogger(OpenSnapshots.class.getName());
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                messages.add(entry.getMessage());
            }

            @Override
            public void flush() {
                // Nothing is held back.
            }

            @Override
            public void close() {
                // Nothing is held.
            }
        };
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
        try {
            forget();

            String message = null;
            for (int round = 0; message == null && round < 200; round++) {
                System.gc();
                message = messages.poll(100, TimeUnit.MILLISECONDS);
            }

            assertThat(message).contains("revision 0", Thread.currentThread().getName(), "never closed");
            assertThat(open.count()).isZero();
        } finally {
            logger.removeHandler(handler);
            logger.setUseParentHandlers(true);
        }
    }

    private void forget() {
        assertThat(store.snapshot().revision()).isZero();
        assertThat(open.count()).isEqualTo(1);
    }

    private long revisionOfOldest() {
        return Objects.requireNonNull(open.oldest()).revision();
    }

    /** A caller, as far as this room can have one. */
    private static final class Elsewhere {
        static Snapshot open(KvStore store) {
            return store.snapshot();
        }
    }
}
