// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import static io.github.kvist.engine.EngineFixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.backend.Stored;
import io.github.kvist.tree.RadixTree;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ReadSetTest {

    private static final int KEYSPACE = 3;

    /** However its record is coarsened, a read set must notice every change of something that was read. */
    @Property(tries = 30)
    void aChangeOfWhatWasReadIsAlwaysNoticed(@ForAll long seed) {
        Random random = new Random(seed);
        RadixTree base = tree(random, 400);
        ReadSet reads = new ReadSet();
        TreeSet<String> read = new TreeSet<>();
        int points = random.nextInt(3) == 0 ? 12_000 : 100;
        for (int i = 0; i < points; i++) {
            String key = "k%05d".formatted(random.nextInt(50_000));
            reads.key(KEYSPACE, bytes(key));
            read.add(key);
        }
        for (int i = 0; i < random.nextInt(900); i++) {
            int from = random.nextInt(50_000);
            reads.span(KEYSPACE, bytes("k%05d".formatted(from)), bytes("k%05d".formatted(from + 1)));
            read.add("k%05d".formatted(from));
        }

        for (int i = 0; i < 50; i++) {
            String changed = read.ceiling("k%05d".formatted(random.nextInt(50_000)));
            if (changed != null) {
                RadixTree head = base.put(bytes(changed), bytes("new"), 0, 3, 1_000_000 + i, Stored.NEVER);
                assertThat(reads.conflict(root(base), root(head), Instants.NOTHING_DUE))
                        .isEqualTo(KEYSPACE);
            }
        }
        assertThat(reads.conflict(root(base), root(base), Instants.NOTHING_DUE)).isEqualTo(-1);
    }

    @Test
    void aFewReadsConflictWithNothingElse() {
        RadixTree base = tree(new Random(1), 400);
        ReadSet reads = new ReadSet();
        reads.key(KEYSPACE, bytes("k00007"));
        reads.span(KEYSPACE, bytes("k10000"), bytes("k20000"));

        RadixTree head = base.put(bytes("k20000"), bytes("new"), 0, 3, 1_000_000, Stored.NEVER);

        assertThat(reads.conflict(root(base), root(head), Instants.NOTHING_DUE)).isEqualTo(-1);
    }

    @Test
    void openEndsReachToTheEndOfTheKeyspace() {
        RadixTree base = tree(new Random(1), 400);
        ReadSet reads = new ReadSet();
        for (int i = 0; i < 600; i++) {
            reads.span(KEYSPACE, bytes("k%05d".formatted(i * 50)), null);
        }

        RadixTree head = base.put(bytes("z"), bytes("new"), 0, 3, 1_000_000, Stored.NEVER);

        assertThat(reads.conflict(root(base), root(head), Instants.NOTHING_DUE)).isEqualTo(KEYSPACE);
    }

    @Test
    void hundredsOfOpenScansAreKept() {
        RadixTree base = tree(new Random(1), 400);
        ReadSet reads = new ReadSet();
        RecordedScan first = null;
        for (int i = 0; i < 600; i++) {
            RecordedScan scan =
                    new RecordedScan(base.forward(bytes("a"), null), Instants.NOTHING_DUE, bytes("a"), null, false);
            reads.scan(KEYSPACE, scan);
            first = first == null ? scan : first;
        }
        while (first.advance()) {
            first.close(); // to its end, after its record was settled
        }

        RadixTree head = base.put(bytes("z"), bytes("new"), 0, 3, 1_000_000, Stored.NEVER);

        assertThat(reads.conflict(root(base), root(head), Instants.NOTHING_DUE)).isEqualTo(KEYSPACE);
    }

    private static RadixTree tree(Random random, int entries) {
        RadixTree tree = RadixTree.empty();
        for (int i = 0; i < entries; i++) {
            tree = tree.put(bytes("k%05d".formatted(random.nextInt(50_000))), bytes("old"), 0, 3, i + 1, Stored.NEVER);
        }
        return tree;
    }

    private static Root root(RadixTree tree) {
        RadixTree[] trees = Root.EMPTY.copyOfTrees(KEYSPACE + 1);
        trees[KEYSPACE] = tree;
        return new Root(1, 0, trees, false);
    }
}
