// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.Kvist;
import io.github.kvist.api.KvStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class BrakeTest {

    @Test
    void writersThatAreFasterThanTheCopyDoNotKeepItFromEnding() throws Exception {
        KvStore source = Kvist.inMemory();
        KvStore target = Kvist.inMemory();
        Samples.fill(source, 0, 20_000);
        AtomicBoolean stop = new AtomicBoolean();
        List<Thread> writers = new ArrayList<>();
        Migration migration = Migration.from(source).to(target);
        KvStore store = migration.store();
        try {
            for (int i = 0; i < 3; i++) {
                String word = "busy " + i;
                Thread writer = new Thread(() -> {
                    for (int n = 0; !stop.get(); n++) {
                        store.in(Samples.WORDS).put(word, String.valueOf(n));
                    }
                });
                writers.add(writer);
                writer.start();
            }
            migration.start();

            assertThat(migration.verify().isClean()).isTrue();
            migration.cutOver();
        } finally {
            stop.set(true);
            for (Thread writer : writers) {
                writer.join();
            }
        }
        assertThat(migration.isCutOver()).isTrue();
        store.close();
    }
}
