// SPDX-License-Identifier: Apache-2.0
package io.github.kvist;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Table;
import io.github.kvist.api.TableWriter;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bytes allocated by single-put commits through the public API. Counted, not timed, so nearly free of noise. */
class CommitFootprintTest {

    private static final Table<byte[], byte[]> TABLE = Table.of("bytes", Keys.bytes(), Values.bytes());
    private static final int ENTRIES = 300_000;
    private static final int MEASURED = 50_000;

    @ParameterizedTest
    @CsvSource({"true, 8, 1400", "false, 8, 1400", "true, 100, 2300", "false, 100, 2300"})
    void aSinglePutCommitAllocatesLittle(boolean randomKeys, int valueBytes, long most) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (KvStore store = Kvist.inMemory()) {
            TableWriter<byte[], byte[]> table = store.in(TABLE);
            byte[][] keys = keys(randomKeys);
            byte[] value = new byte[valueBytes];
            for (byte[] key : keys) {
                table.put(key, value);
            }

            long thread = Thread.currentThread().getId();
            long before = threads.getThreadAllocatedBytes(thread);
            for (int i = 0; i < MEASURED; i++) {
                store.in(TABLE).put(keys[i * 5], value);
            }
            long each = (threads.getThreadAllocatedBytes(thread) - before) / MEASURED;

            System.Logger log = System.getLogger(CommitFootprintTest.class.getName());
            log.log(
                    System.Logger.Level.INFO,
                    "{0} B keys, {1} B values: {2} B a commit",
                    keys[0].length,
                    valueBytes,
                    each);
            assertThat(each).isLessThanOrEqualTo(most);
        }
    }

    private static byte[][] keys(boolean randomKeys) {
        Random random = new Random(42);
        byte[][] keys = new byte[ENTRIES][];
        for (int i = 0; i < ENTRIES; i++) {
            if (randomKeys) {
                keys[i] = new byte[16];
                random.nextBytes(keys[i]);
            } else {
                int user = random.nextInt(1_000_000);
                keys[i] = "tenant/%05d/user/%09d/session"
                        .formatted(user % 1000, user)
                        .getBytes(StandardCharsets.UTF_8);
            }
        }
        return keys;
    }
}
