// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.tree;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Bytes of heap per entry and bytes allocated per commit, versions included, after single puts in random order.
 *
 * <p>Both are exact, whatever else the machine does, so they are gates and not benchmarks. Sizes are those of a 64-bit JVM
 * with compressed references: array header 16, radix node 48, all rounded up to 8.
 */
class TreeFootprintTest {
    private static final int ENTRIES = 1_000_000;
    private static final int UPDATES = 100_000;

    private static RadixTree randomKeys = RadixTree.empty();
    private static RadixTree paths = RadixTree.empty();
    private static RadixTree pathsAndLongValues = RadixTree.empty();

    @BeforeAll
    static void grow() {
        randomKeys = grown(TreeFootprintTest::randomKey, 8);
        paths = grown(TreeFootprintTest::path, 8);
        pathsAndLongValues = grown(TreeFootprintTest::path, 100);
    }

    @AfterAll
    static void letGo() {
        randomKeys = RadixTree.empty();
        paths = RadixTree.empty();
        pathsAndLongValues = RadixTree.empty();
    }

    @Test
    void sixteenByteKeysWithEightByteValuesTakeThirtyOneBytes() {
        assertThat(heapPerEntry(randomKeys)).isLessThanOrEqualTo(31);
    }

    @Test
    void aDeadlineTakesAtMostTenBytes() {
        RadixTree expiring = RadixTree.empty();
        long year = 365 * 86_400_000L;
        for (int i = 0; i < ENTRIES; i++) {
            int entry = shuffled(i);
            long deadline = 1_900_000_000_000L + (entry * 0x9E3779B97F4A7C15L >>> 1) % year;
            expiring = expiring.put(randomKey(entry), new byte[8], 0, 8, i, deadline);
        }

        assertThat(heapPerEntry(expiring) - heapPerEntry(randomKeys)).isLessThanOrEqualTo(10);
    }

    @Test
    void pathsWithEightByteValuesTakeLessThanTheirRawSize() {
        assertThat(heapPerEntry(paths)).isLessThanOrEqualTo(31);
    }

    @Test
    void pathsWithHundredByteValuesTakeLessThanTheirRawSize() {
        assertThat(heapPerEntry(pathsAndLongValues)).isLessThanOrEqualTo(125);
    }

    @Test
    void commitOfAnEightByteValueAllocatesAboutOneKilobyte() {
        assertThat(allocatedPerUpdate(randomKeys, TreeFootprintTest::randomKey, 8))
                .isLessThanOrEqualTo(1150);
        assertThat(allocatedPerUpdate(paths, TreeFootprintTest::path, 8)).isLessThanOrEqualTo(1150);
    }

    @Test
    void commitOfAHundredByteValueAllocatesLessThanTwoKilobytes() {
        assertThat(allocatedPerUpdate(pathsAndLongValues, TreeFootprintTest::path, 100))
                .isLessThanOrEqualTo(2000);
    }

    @Test
    void aCopiedPathSharesAllButItsOwnNodes() {
        byte[] key = randomKey(77);
        RadixTree changed = randomKeys.put(key, new byte[8], 0, 8, ENTRIES, RadixTree.NEVER);
        Set<Object> old = Collections.newSetFromMap(new IdentityHashMap<>());
        heap(randomKeys.root, old);
        Set<Object> both = Collections.newSetFromMap(new IdentityHashMap<>());
        both.addAll(old);

        heap(changed.root, both);

        assertThat(both.size() - old.size()).isBetween(3, 8);
    }

    private interface Keys {
        byte[] at(int i);
    }

    private static byte[] randomKey(int i) {
        byte[] key = new byte[16];
        new Random(i * 0x9E3779B97F4A7C15L).nextBytes(key);
        return key;
    }

    private static byte[] path(int i) {
        return "tenant/%05d/user/%09d/session".formatted(i % 1000, i).getBytes(StandardCharsets.US_ASCII);
    }

    /** A number below {@link #ENTRIES}, each exactly once, in no order: the two share no factor. */
    private static int shuffled(int i) {
        return (int) ((i * 618_033L) % ENTRIES);
    }

    private static RadixTree grown(Keys keys, int valueBytes) {
        RadixTree tree = RadixTree.empty();
        byte[] value = new byte[valueBytes];
        for (int i = 0; i < ENTRIES; i++) {
            tree = tree.put(keys.at(shuffled(i)), value, 0, valueBytes, i, RadixTree.NEVER);
        }
        assertThat(tree.count()).isEqualTo(ENTRIES);
        return tree;
    }

    private static double heapPerEntry(RadixTree tree) {
        return (double) heap(tree.root, Collections.newSetFromMap(new IdentityHashMap<>())) / ENTRIES;
    }

    /** Bytes of all objects below a node that were not seen before. */
    private static long heap(Object node, Set<Object> seen) {
        if (!seen.add(node)) {
            return 0;
        }
        if (node instanceof byte[] page) {
            return aligned(16 + page.length);
        }
        Inner inner = (Inner) node;
        long sum = 48 + aligned(16 + 4L * inner.kids.length);
        if (inner.owner != null && seen.add(inner.owner)) {
            sum += 16;
        }
        for (Object kid : inner.kids) {
            sum += heap(kid, seen);
        }
        return sum;
    }

    private static long aligned(long bytes) {
        return (bytes + 7) & -8;
    }

    private static long allocatedPerUpdate(RadixTree tree, Keys keys, int valueBytes) {
        byte[][] updated = new byte[UPDATES][];
        for (int i = 0; i < UPDATES; i++) {
            updated[i] = keys.at(shuffled(i * 7));
        }
        byte[] value = new byte[valueBytes];
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        RadixTree now = tree;
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < UPDATES; i++) {
            TreeEditor editor = now.edit();
            editor.put(updated[i], value, 0, valueBytes, ENTRIES + i, RadixTree.NEVER);
            now = editor.freeze();
        }
        return (threads.getCurrentThreadAllocatedBytes() - before) / UPDATES;
    }
}
