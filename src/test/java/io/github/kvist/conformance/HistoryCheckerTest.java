// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.conformance;

import static io.github.kvist.testkit.History.Step.NOTHING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.Isolation;
import io.github.kvist.testkit.Anomaly;
import io.github.kvist.testkit.Anomaly.Kind;
import io.github.kvist.testkit.History;
import io.github.kvist.testkit.History.End;
import io.github.kvist.testkit.History.Step;
import io.github.kvist.testkit.History.Transaction;
import io.github.kvist.testkit.HistoryChecker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The checker finds each anomaly that is planted into a history, calls it by its name, and finds none where there is none. */
final class HistoryCheckerTest {

    private final History history = new History();

    /** A transaction under construction; all that are not told otherwise were there at the same time. */
    private final class Told {
        private final String name;
        private final List<Step> steps = new ArrayList<>();
        private long began;
        private long ended = 100;

        Told(String name) {
            this.name = name;
        }

        Told during(long began, long ended) {
            this.began = began;
            this.ended = ended;
            return this;
        }

        Told read(String key, Integer... list) {
            steps.add(new Step.Read(key, List.of(list)));
            return this;
        }

        Told append(String key, int element) {
            steps.add(new Step.Append(key, element));
            return this;
        }

        Told saw(String key, int element) {
            steps.add(new Step.Saw(key, element));
            return this;
        }

        Told replaced(String key, int over, int element) {
            steps.add(new Step.Replace(key, element, over));
            return this;
        }

        void committed() {
            ended(End.COMMITTED);
        }

        void ended(End end) {
            history.add(new Transaction(name, began, ended, end, steps));
        }
    }

    private Told transaction(String name) {
        return new Told(name);
    }

    private Told atTheEnd() {
        return new Told("end").during(1000, 1001);
    }

    private List<Kind> found(Isolation level) {
        return HistoryChecker.check(history, level).stream().map(Anomaly::kind).toList();
    }

    private void assertForbidden(Kind kind) {
        assertThat(found(Isolation.SERIALIZABLE)).contains(kind);
        assertThat(found(Isolation.SNAPSHOT)).contains(kind);
    }

    private void assertClean() {
        assertThat(HistoryChecker.check(history, Isolation.SERIALIZABLE)).isEmpty();
        assertThat(HistoryChecker.check(history, Isolation.SNAPSHOT)).isEmpty();
    }

    @Test
    void nothingIsWrongWithNothing() {
        assertClean();
    }

    @Test
    void oneAfterTheOtherIsFine() {
        transaction("T1").during(0, 10).read("a").append("a", 1).read("a", 1).committed();
        transaction("T2")
                .during(11, 20)
                .read("a", 1)
                .append("a", 2)
                .append("b", 3)
                .committed();
        transaction("T3").during(21, 30).append("a", 4).ended(End.ABORTED);
        atTheEnd().read("a", 1, 2).read("b", 3).committed();

        assertClean();
    }

    @Test
    void concurrentOnesMayComeInEitherOrder() {
        transaction("late").append("a", 1).committed();
        transaction("early").read("a").append("b", 2).committed();
        atTheEnd().read("a", 1).read("b", 2).committed();

        assertClean();
    }

    @Test
    void garbage() {
        transaction("T1").read("a", 7).committed();

        assertForbidden(Kind.GARBAGE);
    }

    @Test
    void anElementTwice() {
        transaction("T1").append("a", 1).committed();
        transaction("T2").read("a", 1, 1).committed();

        assertForbidden(Kind.GARBAGE);
    }

    @Test
    void aTransactionThatDoesNotSeeItsOwnWrite() {
        transaction("T1").append("a", 1).read("a").committed();

        assertForbidden(Kind.INTERNAL);
    }

    @Test
    void aReadThatDoesNotRepeat() {
        transaction("T1").append("a", 1).committed();
        transaction("T2").read("a").read("a", 1).committed();

        assertForbidden(Kind.INTERNAL);
    }

    @Test
    void abortedRead() {
        transaction("T1").append("a", 1).ended(End.ABORTED);
        transaction("T2").read("a", 1).committed();

        assertForbidden(Kind.ABORTED_READ);
    }

    @Test
    void intermediateRead() {
        transaction("T1").append("a", 1).append("a", 2).committed();
        transaction("T2").read("a", 1).committed();
        atTheEnd().read("a", 1, 2).committed();

        assertForbidden(Kind.INTERMEDIATE_READ);
    }

    @Test
    void incompatibleOrder() {
        transaction("T1").append("a", 1).committed();
        transaction("T2").append("a", 2).committed();
        transaction("T3").read("a", 1, 2).committed();
        transaction("T4").read("a", 2).committed();

        assertForbidden(Kind.INCOMPATIBLE_ORDER);
    }

    @Test
    void anUpdateThatIsGone() {
        transaction("T1").read("a").append("a", 1).committed();
        transaction("T2").read("a").append("a", 2).committed();
        atTheEnd().read("a", 2).committed();

        assertForbidden(Kind.LOST_UPDATE);
    }

    @Test
    void anUpdateThatDidNotSeeTheOther() {
        transaction("T1").read("a").append("a", 1).committed();
        transaction("T2").read("a").append("a", 2).committed();
        atTheEnd().read("a", 1, 2).committed();

        assertForbidden(Kind.READ_SKEW);
    }

    @Test
    void dirtyWrite() {
        transaction("T1").append("a", 1).append("b", 2).committed();
        transaction("T2").append("a", 3).append("b", 4).committed();
        atTheEnd().read("a", 1, 3).read("b", 4, 2).committed();

        assertForbidden(Kind.DIRTY_WRITE);
    }

    @Test
    void circularInformationFlow() {
        transaction("T1").append("a", 1).read("b", 2).committed();
        transaction("T2").append("b", 2).read("a", 1).committed();

        assertForbidden(Kind.CIRCULAR_INFORMATION_FLOW);
    }

    @Test
    void readSkew() {
        transaction("T1").append("a", 1).append("b", 2).committed();
        transaction("T2").read("a", 1).read("b").committed();
        atTheEnd().read("a", 1).read("b", 2).committed();

        assertForbidden(Kind.READ_SKEW);
    }

    @Test
    void aReadOfWhatWasLongOverwritten() {
        transaction("T1").during(0, 10).append("a", 1).committed();
        transaction("T2").during(20, 30).read("a").committed();
        atTheEnd().read("a", 1).committed();

        assertForbidden(Kind.STALE_READ);
    }

    @Test
    void anOrderOfWritesAgainstTime() {
        transaction("T1").during(0, 10).append("a", 1).committed();
        transaction("T2").during(20, 30).append("a", 2).committed();
        atTheEnd().read("a", 2, 1).committed();

        assertForbidden(Kind.STALE_READ);
    }

    @Test
    void writeSkewIsForSerializableTransactionsOnly() {
        transaction("T1").read("b").append("a", 1).committed();
        transaction("T2").read("a").append("b", 2).committed();
        atTheEnd().read("a", 1).read("b", 2).committed();

        assertThat(found(Isolation.SERIALIZABLE)).containsExactly(Kind.WRITE_SKEW);
        assertThat(found(Isolation.SNAPSHOT)).isEmpty();
    }

    @Test
    void readOnlyTransactionAnomaly() {
        transaction("withdrawal").read("a").read("b").append("a", 1).committed();
        transaction("deposit").during(0, 10).read("b").append("b", 2).committed();
        transaction("report").during(20, 30).read("a").read("b", 2).committed();
        atTheEnd().read("a", 1).read("b", 2).committed();

        assertThat(found(Isolation.SERIALIZABLE)).containsExactly(Kind.WRITE_SKEW);
        assertThat(found(Isolation.SNAPSHOT)).isEmpty();
    }

    @Test
    void twoReadsOfOverwrittenListsAreASnapshotsRightOnlyInSuccession() {
        transaction("T1").append("a", 1).append("c", 5).committed();
        transaction("T2").read("a").append("b", 2).read("c").committed();
        transaction("T3").read("b", 2).append("d", 3).committed();
        transaction("T4").read("d", 3).read("a", 1).read("b").committed();
        atTheEnd().read("a", 1).read("b", 2).read("c", 5).read("d", 3).committed();

        assertForbidden(Kind.READ_SKEW);
    }

    @Test
    void aCycleThroughMany() {
        for (int i = 0; i < 6; i++) {
            transaction("T" + i).read("k" + (i + 1) % 6).append("k" + i, i).committed();
        }
        Told end = atTheEnd();
        IntStream.range(0, 6).forEach(i -> end.read("k" + i, i));
        end.committed();

        assertThat(HistoryChecker.check(history, Isolation.SERIALIZABLE))
                .singleElement()
                .satisfies(anomaly -> {
                    assertThat(anomaly.kind()).isEqualTo(Kind.WRITE_SKEW);
                    assertThat(anomaly.details()).contains("T0", "T1", "T2", "T3", "T4", "T5", "READ_WRITE of k3");
                });
    }

    @Test
    void aCommitOfUnknownOutcomeMayHaveHappenedOrNot() {
        transaction("seen").append("a", 1).ended(End.UNKNOWN);
        transaction("unseen").append("a", 2).ended(End.UNKNOWN);
        atTheEnd().read("a", 1).committed();

        assertClean();
    }

    @Test
    void aCommitOfUnknownOutcomeThatHappenedIsPartOfTheOrder() {
        transaction("T1").append("a", 1).append("b", 2).ended(End.UNKNOWN);
        transaction("T2").read("a", 1).read("b").committed();
        atTheEnd().read("a", 1).read("b", 2).committed();

        assertForbidden(Kind.READ_SKEW);
    }

    @Test
    void registersThatAreReplacedOneAfterTheOtherAreFine() {
        transaction("T1")
                .during(0, 10)
                .replaced("r", NOTHING, 1)
                .saw("r", 1)
                .replaced("r", 1, 2)
                .committed();
        transaction("T2").during(5, 20).saw("r", 2).replaced("r", 2, 3).committed();
        transaction("T3").during(11, 20).replaced("r", 3, 4).ended(End.ABORTED);
        transaction("T4").during(11, 20).replaced("r", 3, 5).ended(End.UNKNOWN);
        atTheEnd().saw("r", 3).saw("s", NOTHING).committed();

        assertClean();
    }

    @Test
    void twoThatReplaceTheSame() {
        transaction("T1").replaced("r", NOTHING, 1).committed();
        transaction("T2").replaced("r", NOTHING, 2).committed();
        atTheEnd().saw("r", 2).committed();

        assertForbidden(Kind.LOST_UPDATE);
    }

    @Test
    void aReplacementThatIsGone() {
        transaction("T1").during(0, 10).replaced("r", NOTHING, 1).committed();
        transaction("T2").during(20, 30).replaced("r", 1, 2).committed();
        atTheEnd().saw("r", 1).committed();

        assertForbidden(Kind.LOST_UPDATE);
    }

    @Test
    void aRegisterThatIsSeenTooLate() {
        transaction("T1").during(0, 10).replaced("r", NOTHING, 1).committed();
        transaction("T2").during(20, 30).saw("r", NOTHING).committed();
        atTheEnd().saw("r", 1).committed();

        assertForbidden(Kind.STALE_READ);
    }

    @Test
    void registersOfAbortedTransactionsAndFromWithinOnes() {
        transaction("aborted").replaced("r", NOTHING, 1).ended(End.ABORTED);
        transaction("T1").saw("r", 1).committed();
        assertForbidden(Kind.ABORTED_READ);

        transaction("T2").replaced("s", NOTHING, 2).replaced("s", 2, 3).committed();
        transaction("T3").saw("s", 2).committed();
        assertForbidden(Kind.INTERMEDIATE_READ);

        transaction("T4").saw("t", NOTHING).saw("t", 9).committed();
        assertForbidden(Kind.INTERNAL);
        assertForbidden(Kind.GARBAGE);
    }

    @Test
    void halfOfACommitOfUnknownOutcome() {
        transaction("T1").replaced("r", NOTHING, 1).replaced("s", NOTHING, 2).ended(End.UNKNOWN);
        atTheEnd().saw("r", 1).saw("s", NOTHING).committed();

        assertForbidden(Kind.READ_SKEW);
    }

    @Test
    void aCommitOfUnknownOutcomeOnWhichAnotherStandsHappened() {
        transaction("T1").replaced("r", NOTHING, 1).replaced("s", NOTHING, 2).ended(End.UNKNOWN);
        transaction("T2").replaced("r", 1, 3).ended(End.UNKNOWN);
        transaction("T3").during(20, 30).saw("r", 3).saw("s", 2).committed();
        assertClean();

        atTheEnd().saw("s", NOTHING).committed();
        assertForbidden(Kind.STALE_READ);
    }

    @Test
    void writeSkewOfRegisters() {
        transaction("T1").saw("s", NOTHING).replaced("r", NOTHING, 1).committed();
        transaction("T2").saw("r", NOTHING).replaced("s", NOTHING, 2).committed();
        atTheEnd().saw("r", 1).saw("s", 2).committed();

        assertThat(found(Isolation.SERIALIZABLE)).containsExactly(Kind.WRITE_SKEW);
        assertThat(found(Isolation.SNAPSHOT)).isEmpty();
    }

    /** Each of four threads beside the others. With the square of their number it would take a quarter of an hour. */
    @Test
    @Timeout(60)
    void aLongHistoryTakesNotMuchLongerForEachTransactionThanAShortOne() {
        int transactions = 100_000;
        int[] registers = new int[50];
        for (int i = 0; i < transactions; i++) {
            int r = i % 50;
            int s = (i * 7 + 1) % 50;
            int over = i < 50 ? NOTHING : registers[r];
            transaction("T" + i)
                    .during(10L * i, 10L * i + 35)
                    .saw("s" + s, NOTHING)
                    .replaced("r" + r, over, i)
                    .committed();
            registers[r] = i;
        }
        assertClean();
    }

    @Test
    void anElementThatIsAppendedTwiceTellsNothing() {
        transaction("T1").append("a", 1).committed();
        transaction("T2").append("a", 1).committed();

        assertThatThrownBy(() -> found(Isolation.SNAPSHOT)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whateverHappensInSomeOrderIsFine() {
        for (long seed = 0; seed < 50; seed++) {
            happen(new History(), new Random(seed), false);
        }
    }

    @Test
    void hardlyAnyHistoryStaysFineWithoutOneOfItsReads() {
        int unnoticed = 0;
        for (long seed = 0; seed < 50; seed++) {
            unnoticed += happen(new History(), new Random(seed), true) ? 1 : 0;
        }

        assertThat(unnoticed).isLessThan(5);
    }

    /** Transactions at random, one after the other, though each says that it took longer; one of them may miss what is newest. */
    private static boolean happen(History history, Random random, boolean isOneStale) {
        Map<String, List<Integer>> lists = new HashMap<>();
        int stale = isOneStale ? 30 + random.nextInt(20) : -1;
        for (int i = 0; i < 60; i++) {
            List<Step> steps = new ArrayList<>();
            for (String key : List.of("a", "b")) {
                List<Integer> list = lists.computeIfAbsent(key, unseen -> new ArrayList<>());
                boolean misses = i == stale && !list.isEmpty();
                steps.add(new Step.Read(key, misses ? list.subList(0, list.size() - 1) : list));
            }
            if (i != stale) {
                String key = random.nextBoolean() ? "a" : "b";
                steps.add(new Step.Append(key, i));
                lists.get(key).add(i);
            }
            history.add(new Transaction(
                    "T" + i, 10 * i - random.nextInt(5), 10 * i + random.nextInt(5), End.COMMITTED, steps));
        }
        List<Anomaly> found = HistoryChecker.check(history, Isolation.SERIALIZABLE);
        if (!isOneStale) {
            assertThat(found).isEmpty();
        }
        return found.isEmpty();
    }
}
