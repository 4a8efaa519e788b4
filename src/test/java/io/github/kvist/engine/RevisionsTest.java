// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.api.Retention;
import io.github.kvist.tree.RadixTree;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Which roots are kept. */
class RevisionsTest {

    private static final long KEYSPACE_BYTES = 1 << 20;

    private final RadixTree[] none = {};

    @Test
    void theLastRevisionsAreKeptAndTheRootBeforeThem() {
        Revisions revisions = revisions(new Retention(10, Duration.ZERO, KEYSPACE_BYTES));

        fill(revisions, 1, 1000, 1);

        assertThat(revisions.oldest().revision).isEqualTo(990);
        for (long revision = 990; revision <= 1000; revision++) {
            Root root = revisions.at(revision);
            assertThat(root).isNotNull();
            assertThat(root.revision).isEqualTo(revision);
        }
        assertThat(revisions.at(989)).isNull();
        assertThat(revisions.at(1001)).isNull();
    }

    @Test
    void noMoreAreKeptThanTheMemoryAllows() {
        Revisions revisions = revisions(new Retention(1000, Duration.ZERO, 5_000));

        fill(revisions, 1, 100, 1_000);
        assertThat(revisions.oldest().revision).isEqualTo(95);
        assertThat(revisions.bytes()).isEqualTo(5_000);

        fill(revisions, 101, 101, 50_000);
        assertThat(revisions.oldest().revision).isEqualTo(101);
        assertThat(revisions.bytes()).isZero();
    }

    @Test
    void whatIsNotVisibleYetIsKeptWithTheRootBeforeIt() {
        Revisions revisions = revisions(new Retention(0, Duration.ZERO, 0));

        for (long revision = 1; revision <= 50; revision++) {
            revisions.append(root(revision), 10, 20);
        }

        assertThat(revisions.oldest().revision).isEqualTo(20);
        revisions.append(root(51), 10, 51);
        assertThat(revisions.oldest().revision).isEqualTo(51);
    }

    @Test
    void whatWatchesHaveNotBeenToldIsKeptWithinALargerBound() {
        Revisions revisions = revisions(new Retention(5, Duration.ZERO, 1_000));
        revisions.dispatched(7);

        fill(revisions, 1, 100, 1_000);
        assertThat(revisions.oldest().revision).isEqualTo(7);

        fill(revisions, 101, 101, 65L << 20);
        assertThat(revisions.oldest().revision).isEqualTo(101);
    }

    @Test
    void smallCommitsThatWatchesHaveNotBeenToldAreBoundedByTheirNumber() {
        Revisions revisions = revisions(new Retention(5, Duration.ZERO, 1_000));
        revisions.dispatched(7);

        fill(revisions, 1, 100_000, 0);

        assertThat(revisions.oldest().revision).isEqualTo(100_000 - (1 << 16));
    }

    @Test
    void whatTheLogTookBackIsForgotten() {
        Revisions revisions = revisions(new Retention(100, Duration.ZERO, KEYSPACE_BYTES));
        fill(revisions, 1, 30, 10);

        revisions.forgetAfter(20);

        assertThat(revisions.newest().revision).isEqualTo(20);
        assertThat(revisions.at(21)).isNull();
        assertThat(revisions.bytes()).isEqualTo(200);

        revisions.forgetAfter(5);

        assertThat(revisions.newest().revision).isEqualTo(5);
        assertThat(revisions.bytes()).isEqualTo(50);
    }

    @Test
    void aRootThatIsPutInPlaceBeginsAnotherHistory() {
        Revisions revisions = revisions(new Retention(100, Duration.ZERO, KEYSPACE_BYTES));
        fill(revisions, 1, 30, 10);

        revisions.restart(root(1_000));
        fill(revisions, 1_001, 1_005, 10);

        assertThat(revisions.oldest().revision).isEqualTo(1_000);
        assertThat(revisions.newest().revision).isEqualTo(1_005);
        assertThat(revisions.at(30)).isNull();
        assertThat(revisions.bytes()).isEqualTo(50);
    }

    @Test
    void aCommitCostsNoMoreThanWhatItReplaced() {
        Root empty = root(0);
        RadixTree small = RadixTree.empty().put(new byte[16], new byte[84], 0, 84, 1, RadixTree.NEVER);
        Root one = new Root(1, 0, new RadixTree[] {small}, false);
        Root gone = new Root(2, 0, new RadixTree[] {RadixTree.empty()}, false);

        assertThat(Revisions.cost(empty, one, 1_000_000, 1 << 20)).isZero();
        assertThat(Revisions.cost(one, gone, 1, 16)).isEqualTo(200);
    }

    private Revisions revisions(Retention retention) {
        return new Revisions(retention, root(0));
    }

    private void fill(Revisions revisions, long first, long last, long cost) {
        for (long revision = first; revision <= last; revision++) {
            revisions.append(root(revision), cost, revision);
        }
    }

    private Root root(long revision) {
        return new Root(revision, revision, none, false);
    }
}
