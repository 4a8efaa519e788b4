// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.museum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.kvist.faults.Campaign;
import io.github.kvist.faults.Scale;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each exhibit is caught by a test of the project, and these tests pass without it.
 *
 * <p>{@code -Dkvist.museum=write} lets a whole run write the table of {@code docs/testing.md}.
 */
@Tag("campaign")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MuseumTest {
    private final Campaign campaign = new Campaign("museum");
    private final Map<Exhibit, Catch> caught = new LinkedHashMap<>();

    /** A few of each hall in a small run, where each second counts. */
    static List<Exhibit> shown() {
        return Scale.now() == Scale.SMALL ? Museum.QUICK : Museum.EXHIBITS;
    }

    @ParameterizedTest
    @MethodSource("shown")
    void someTestCatches(Exhibit exhibit) {
        caught.put(exhibit, Catch.of(exhibit));
    }

    static Stream<String> detectors() {
        return shown().stream().flatMap(exhibit -> exhibit.detectors().stream()).distinct();
    }

    /** What runs the tests adds no failure of its own. */
    @Test
    void detectorsPassOnTheCodeAsItIs() {
        ClassLoader unpatched = Patch.world(Map.of());
        detectors().forEach(detector -> {
            DetectorRun run = DetectorRun.of(detector, unpatched);

            assertThat(run.failure()).as(run.failedTest()).isNull();
            assertThat(run.passed()).as(detector).isPositive();
        });
    }

    /** Those too that this run does not show. */
    @Test
    void everyExhibitFitsTheCode() {
        for (Exhibit exhibit : Museum.EXHIBITS) {
            assertThat(Patch.source(exhibit)).contains(exhibit.defect());
        }
    }

    @Test
    void everyExhibitHasANameOfItsOwn() {
        assertThat(Museum.EXHIBITS.stream().map(Exhibit::name)).doesNotHaveDuplicates();
    }

    @Test
    void thePageShowsEveryExhibit() {
        assumeThat(isWriting()).isFalse();

        assertThat(MuseumPage.names())
                .as("docs/testing.md; a run with -P campaigns -Dkvist.museum=write brings it up to date")
                .isEqualTo(Museum.EXHIBITS.stream().map(Exhibit::name).toList());
    }

    @AfterAll
    void end() {
        if (isWriting()) {
            MuseumPage.write(caught);
        }
        if (caught.size() < shown().size()) {
            return; // what was not caught has failed
        }
        campaign.count("of " + shown().size() + " caught", caught.size());
        campaign.end();
    }

    private static boolean isWriting() {
        return "write".equals(System.getProperty("kvist.museum"));
    }
}
