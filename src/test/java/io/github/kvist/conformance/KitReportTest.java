// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.Capabilities.Support;
import io.github.kvist.api.Capability;
import io.github.kvist.testkit.KitReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run of the kit leaves a list of what the store claims, of what it passed and of what was skipped and why. */
final class KitReportTest {

    private static final Class<?> STORE = PlantedBugs.ForgetsTouches.class;

    @TempDir
    private Path directory;

    @Test
    void aRunIsReported() throws IOException {
        KitRun.of(STORE, directory, "Savepoints", "Forks", "Expiring");

        KitReport report = KitReport.read(directory, STORE.getName());

        assertThat(report.claims().of(Capability.WATCH)).isEqualTo(Support.NATIVE);
        assertThat(report.claims().of(Capability.FORK)).isEqualTo(Support.NONE);
        assertThat(report.claims().limits().keyBytes()).isEqualTo(4096);
        assertThat(report.groups()).containsOnlyKeys("Savepoints", "Forks", "Expiring");
        assertThat(report.groups().get("Savepoints").passed()).isPositive();
        assertThat(report.groups().get("Savepoints").failed()).isZero();
        assertThat(report.groups().get("Forks").passed()).isZero();
        assertThat(report.groups().get("Forks").skipped()).isPositive();
        assertThat(report.groups().get("Expiring").failed()).isPositive();
        assertThat(report.skipped())
                .hasSize(report.groups().get("Forks").skipped())
                .contains("Forks.closedForkIsClosedAndItsOriginIsNot needs FORK");
    }

    @Test
    void whatIsNoReportIsRefused() throws IOException {
        Path file = KitReport.file(directory, "some.Test");
        assertThatThrownBy(() -> KitReport.read(directory, "some.Test")).isInstanceOf(NoSuchFileException.class);

        Files.writeString(file, "something else\n");

        assertThatThrownBy(() -> KitReport.read(directory, "some.Test"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString());
    }
}
