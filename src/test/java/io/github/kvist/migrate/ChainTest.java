// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.Kvist;
import io.github.kvist.api.KvStore;
import io.github.kvist.servers.Servers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From one system to the next, and on, while an application writes. */
final class ChainTest {

    /** Entries with those of the index: three for each. */
    private static final int ENTRIES = Integer.getInteger("kvist.chain.entries", 7_000);

    private static final int COUNTERS = 3;
    private static final long BETWEEN_WRITES_NANOS = 500_000;

    /** What the application works with; it takes the next one between two writes. */
    private final AtomicReference<KvStore> store = new AtomicReference<>();

    private final AtomicBoolean stop = new AtomicBoolean();
    private final List<Counter> counters = new ArrayList<>();

    @TempDir
    Path directory;

    /** Counts in the store and beside it. */
    private final class Counter extends Thread {
        private long counted;

        @Override
        public void run() {
            while (!stop.get()) {
                store.get().update(tx -> {
                    String next = String.valueOf(counted + 1);
                    String before = tx.in(Samples.WORDS).getOrNull(getName());
                    assertThat(before).isEqualTo(counted == 0 ? null : String.valueOf(counted));
                    tx.in(Samples.WORDS).put(getName(), next);
                    tx.in(Samples.PEOPLE).put(getName(), new Samples.Person(getName(), "city " + next));
                });
                counted++;
                LockSupport.parkNanos(BETWEEN_WRITES_NANOS);
            }
        }
    }

    @Test
    void nothingIsLostFromMemoryThroughPostgresAndRedisToFiles() throws Exception {
        String name = "chain_" + UUID.randomUUID().toString().replace('-', '_');
        List<String> systems =
                List.of(Servers.postgres().uri(name), Servers.redis().uri(name), "file:" + directory.resolve("end"));
        KvStore current = Kvist.inMemory();
        Samples.fill(current, 0, ENTRIES);
        store.set(current);
        for (int i = 0; i < COUNTERS; i++) {
            Counter counter = new Counter();
            counter.setName("counter " + i);
            counters.add(counter);
            counter.start();
        }

        for (String system : systems) {
            current = moved(current, Kvist.open(system));
        }

        stop.set(true);
        for (Counter counter : counters) {
            counter.join();
            assertThat(counter.counted).isPositive();
            assertThat(current.in(Samples.WORDS).get(counter.getName())).contains(String.valueOf(counter.counted));
            assertThat(current.in(Samples.PEOPLE)
                            .by(Samples.BY_CITY)
                            .eq("city " + counter.counted)
                            .keys())
                    .contains(counter.getName());
        }
        assertThat(current.in(Samples.WORDS).count()).isEqualTo(ENTRIES + COUNTERS);
        assertThat(current.admin().verify().clean()).isTrue();
        current.close();
    }

    /** Returns the target, that the application works with now. */
    private KvStore moved(KvStore from, KvStore to) throws Exception {
        Migration migration = Migration.from(from).to(to);
        store.set(migration.store());
        migration.start();

        Verification beside = migration.verify();
        CutOver cut = migration.cutOver();
        Verification after = migration.verify();

        assertThat(beside.isClean()).isTrue();
        assertThat(after.isClean()).isTrue();
        assertThat(after.entries()).isGreaterThanOrEqualTo(3L * ENTRIES);
        assertThat(cut.pause()).isLessThan(Duration.ofSeconds(1));
        migration.finish();
        store.set(to);
        // The last write through the store that switches has ended when nobody is in it any more.
        from.close();
        return to;
    }
}
