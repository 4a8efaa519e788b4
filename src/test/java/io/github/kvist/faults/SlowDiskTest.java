// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.Kvist;
import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.Table;
import io.github.kvist.backend.FileSystem;
import io.github.kvist.backend.file.FileStorage;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import io.github.kvist.testkit.SimulatedDisk;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A disk that takes its time for each sync: commits share it, nobody gives up, and closing waits. */
@Tag("campaign")
@Timeout(120)
final class SlowDiskTest {

    private static final long SYNC_NANOS = Scale.pick(100, 1_000, 1_000) * 1_000_000L;
    private static final int WRITERS = 16;
    private static final int COMMITS = 3;
    private static final Table<Long, Long> NUMBERS = Table.of("numbers", Keys.int64(), Values.int64());

    private final SimulatedDisk disk = new SimulatedDisk();
    private final AtomicLong syncs = new AtomicLong();
    private volatile boolean slow;

    @Test
    void commitsShareSyncsAndClosingWaitsForThem() throws Exception {
        KvStore store = Kvist.open(new FileStorage((FileSystem) slowly(FileSystem.class, disk)), Options.defaults());
        store.in(NUMBERS).put(0L, 0L);
        slow = true;
        AtomicLong acknowledged = new AtomicLong();
        List<Thread> writers = new ArrayList<>();
        long began = System.nanoTime();
        for (int i = 0; i < WRITERS; i++) {
            long writer = i + 1;
            Thread thread = new Thread(() -> {
                try {
                    for (long n = 0; n < COMMITS; n++) {
                        store.in(NUMBERS).put(writer * COMMITS + n, n);
                        acknowledged.incrementAndGet();
                    }
                } catch (KvException.Closed ended) {
                    // between two commits
                }
            });
            writers.add(thread);
            thread.start();
        }
        while (acknowledged.get() < WRITERS) {
            Thread.onSpinWait();
        }
        store.close();
        for (Thread writer : writers) {
            writer.join();
        }

        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isLessThan(Duration.ofNanos(WRITERS * COMMITS / 2 * SYNC_NANOS));
        assertThat(syncs.get()).isLessThan(WRITERS);
        try (KvStore reopened = Kvist.open(new FileStorage(disk.afterKill()), Options.defaults())) {
            assertThat(reopened.admin().recovery().clean()).isTrue();
            assertThat(reopened.in(NUMBERS).count()).isEqualTo(1 + acknowledged.get());
        }
    }

    /** The same, with a pause before each sync, of the handles that it makes too. */
    private Object slowly(Class<?> seam, Object target) {
        return Proxy.newProxyInstance(seam.getClassLoader(), new Class<?>[] {seam}, (proxy, method, arguments) -> {
            if (slow && method.getName().matches("sync|writeAndSync")) {
                syncs.incrementAndGet();
                LockSupport.parkNanos(SYNC_NANOS);
            }
            @Nullable Object result;
            try {
                result = method.invoke(target, arguments);
            } catch (InvocationTargetException failed) {
                throw failed.getCause();
            }
            return result instanceof FileSystem.Handle ? slowly(FileSystem.Handle.class, result) : result;
        });
    }
}
