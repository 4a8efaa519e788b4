// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.Kvist;
import io.github.kvist.api.KvStore;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command that moves. */
final class MigratingTest {
    private final Shell kvist = new Shell();
    private String from = "";
    private String to = "";

    @TempDir
    Path directory;

    @BeforeEach
    void writeStore() {
        from = directory.resolve("from").toString();
        to = directory.resolve("to").toString();
        SampleStore.write(Path.of(from));
    }

    @Test
    void theProgramFindsEverythingInTheOtherStore() {
        assertThat(kvist.run("migrate", from, to)).isZero();

        try (KvStore moved = Kvist.open(Path.of(to))) {
            assertThat(moved.in(SampleStore.PEOPLE).get("ann")).contains(new SampleStore.Person("Ann", "Oslo"));
            moved.in(SampleStore.PEOPLE).put("new", new SampleStore.Person("New", "Oslo"));
        }
        assertThat(kvist.run("verify", to)).isZero();
    }

    @Test
    void theSourceIsClosedForWritesUntilTheMoveIsTakenBack() {
        kvist.run("migrate", from, to);

        assertThat(kvist.run("delete", from, "people", "ann")).isEqualTo(1);
        assertThat(kvist.err()).contains("have moved to", to);
        assertThat(kvist.run("get", from, "people", "ann")).isZero();

        assertThat(kvist.run("migrate", from, "--take-back")).isZero();
        assertThat(kvist.run("delete", from, "people", "ann")).isZero();
    }

    @Test
    void aCopyLeavesTheSourceOpenAndBringsLaterWhatHasChanged() {
        assertThat(kvist.run("migrate", from, to, "--copy-only")).isZero();
        assertThat(kvist.run("delete", from, "people", "ann")).isZero();

        assertThat(kvist.run("migrate", from, to, "--copy-only")).isZero();

        assertThat(kvist.run("get", to, "people", "ann")).isEqualTo(1);
        assertThat(kvist.run("get", to, "people", "bob")).isZero();
    }

    @Test
    void programsAreToldInJson() {
        assertThat(kvist.run("migrate", from, to, "--json")).isZero();

        assertThat(kvist.out())
                .startsWith("{\"target\":\"")
                .contains("\"entries\":", "\"repaired\":0,\"pauseMillis\":");
    }

    @Test
    void somebodyWhoWatchesSeesABar() {
        assertThat(kvist.interactive().run("migrate", from, to)).isZero();

        assertThat(kvist.err()).contains("[##############################] 100 %");
    }

    @Test
    void aTargetThatHoldsSomethingIsRefused() {
        SampleStore.write(Path.of(to));

        assertThat(kvist.run("migrate", from, to)).isEqualTo(1);

        assertThat(kvist.err()).contains("Migrate into an empty store");
    }

    @Test
    void aSourceThatIsNotThereIsNotMade() {
        String nowhere = directory.resolve("nowhere").toString();

        assertThat(kvist.run("migrate", nowhere, to)).isEqualTo(1);

        assertThat(Path.of(nowhere)).doesNotExist();
        assertThat(Files.exists(Path.of(to))).isFalse();
    }

    @Test
    void theTargetHasToBeNamed() {
        assertThat(kvist.run("migrate", from)).isEqualTo(2);

        assertThat(kvist.err()).contains("name the store");
    }
}
