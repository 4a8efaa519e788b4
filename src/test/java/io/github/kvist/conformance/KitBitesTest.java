// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.testkit.KvStoreContract;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each group of the conformance kit fails on a backend with a bug of its kind, and passes on the same backend without it. */
final class KitBitesTest {

    private static final Path REPORTS = Path.of("target", "kvist-kit-bites");

    /** Some bugs need threads that meet. On a busy machine they may all pass one another once, not time after time. */
    private static final int RUNS = 20;

    /** A bug, and the group that must find it. */
    record Bug(String group, Class<? extends KvStoreContract> store) {
        @Override
        public String toString() {
            return group + " on a store that " + store.getSimpleName();
        }
    }

    static Stream<Bug> bugs() {
        return Stream.of(
                new Bug("BasicOperations", PlantedBugs.ForgetsDeletes.class),
                new Bug("Ranges", PlantedBugs.OrdersSigned.class),
                new Bug("Boundaries", PlantedBugs.IncludesTheEnd.class),
                new Bug("Pages", PlantedBugs.SkipsWhereALaterScanBegins.class),
                new Bug("Transactions", PlantedBugs.DoesHalfOfACommit.class),
                new Bug("Anomalies", PlantedBugs.ForgetsWhatWasRead.class),
                new Bug("Histories", PlantedBugs.ShowsOldViews.class),
                new Bug("Histories", PlantedBugs.ForgetsWhatWasRead.class),
                new Bug("Histories", PlantedBugs.TearsCommits.class),
                new Bug("Savepoints", PlantedBugs.KeepsWhatWasUndone.class),
                new Bug("Indexes", PlantedBugs.ForgetsConflictsInIndexes.class),
                new Bug("IndexModel", PlantedBugs.WritesOneIndexEntryOfMany.class),
                new Bug("CompareAndSet", PlantedBugs.IgnoresConditions.class),
                new Bug("Races", PlantedBugs.ChecksAndThenWrites.class),
                new Bug("Threads", PlantedBugs.TearsCommits.class),
                new Bug("Programs", PlantedBugs.LetsTimeStandStill.class),
                new Bug("Definitions", PlantedBugs.ForgetsDefinitions.class),
                new Bug("Names", PlantedBugs.IgnoresCaseInNames.class),
                new Bug("SideBySide", PlantedBugs.SharesItsDataWithItsNeighbour.class),
                new Bug("Sharing", PlantedBugs.DrawsTheVersionsOfOthers.class),
                new Bug("Limits", PlantedBugs.ClaimsALargerLimit.class),
                new Bug("Errors", PlantedBugs.ForgetsIndexDeletes.class),
                new Bug("Expiring", PlantedBugs.ForgetsTouches.class),
                new Bug("LinesOfJson", PlantedBugs.ForgetsDeadlines.class),
                new Bug("Watches", PlantedBugs.TellsEachCommitTwice.class),
                new Bug("WatchesBesideWriters", PlantedBugs.DropsAnEvent.class),
                new Bug("WatchesBesideWriters", PlantedBugs.TellsHalfOfACommit.class),
                new Bug("Past", PlantedBugs.ShowsTheRevisionBefore.class),
                new Bug("Forks", PlantedBugs.ForksTheNewest.class),
                new Bug("Merges", PlantedBugs.MergesWithoutCopying.class),
                new Bug("Diffs", PlantedBugs.LeavesOutADifference.class),
                new Bug("Images", PlantedBugs.RestoresNothing.class),
                new Bug("Backups", PlantedBugs.RestoresNothing.class),
                new Bug("MissingCapabilities", PlantedBugs.DoesWhatItDoesNotClaim.class));
    }

    @ParameterizedTest
    @MethodSource("bugs")
    void theGroupFails(Bug bug) {
        List<String> failed = List.of();
        for (int run = 0; run < RUNS && failed.isEmpty(); run++) {
            failed = KitRun.of(bug.store, REPORTS, bug.group).failed;
        }

        assertThat(failed).isNotEmpty();
    }

    @Test
    void everyGroupIsTried() {
        List<String> groups = Arrays.stream(KvStoreContract.class.getDeclaredClasses())
                .filter(type -> type.isAnnotationPresent(Nested.class))
                .map(Class::getSimpleName)
                .toList();

        assertThat(bugs().map(Bug::group).distinct()).containsExactlyInAnyOrderElementsOf(groups);
    }

    /** The harness adds no failure of its own: of a seam that a bug leaves alone, all tests pass. */
    @Test
    void whatABugLeavesAlonePasses() {
        for (Bug fine : List.of(
                new Bug("Ranges", PlantedBugs.ForgetsDeadlines.class),
                new Bug("BasicOperations", PlantedBugs.DropsAnEvent.class),
                new Bug("Savepoints", PlantedBugs.RestoresNothing.class),
                new Bug("Watches", PlantedBugs.KeepsWhatWasUndone.class))) {
            KitRun run = KitRun.of(fine.store, REPORTS, fine.group);

            assertThat(run.failed).as(fine.toString()).isEmpty();
            assertThat(run.passed).isNotEmpty();
        }
    }
}
