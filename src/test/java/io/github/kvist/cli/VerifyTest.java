// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.Kvist;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Table;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VerifyTest {
    private final Shell kvist = new Shell();
    private String store = "";

    @TempDir
    Path directory;

    @BeforeEach
    void writeStore() {
        store = directory.resolve("app").toString();
        SampleStore.write(Path.of(store));
    }

    @Test
    void soundStoreHasNoFindings() {
        assertThat(kvist.interactive().run("verify", store)).isZero();

        assertThat(kvist.out())
                .contains(
                        "Revision 3, 3 tables, 8 records.",
                        "Not checked: whether the entries of indexes are right",
                        "No findings.");
        assertThat(kvist.err()).contains("100 %  8 of 8 records");
    }

    @Test
    void soundStoreIsCleanForPrograms() {
        assertThat(kvist.run("verify", store, "--json")).isZero();

        assertThat(kvist.out()).contains("\"revision\":3,\"tables\":3,\"records\":8", "\"clean\":true,\"findings\":[]");
    }

    @Test
    void damagedFileIsExitCodeTwo() throws IOException {
        kvist.run("checkpoint", store);
        Path checkpoint;
        try (Stream<Path> files = Files.list(Path.of(store))) {
            checkpoint = files.filter(file -> file.getFileName().toString().startsWith("checkpoint"))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(checkpoint);
        bytes[bytes.length / 2] ^= 0x55;
        Files.write(checkpoint, bytes);

        assertThat(kvist.run("verify", store)).isEqualTo(2);
        assertThat(kvist.out()).contains("Finding: ", checkpoint.getFileName().toString(), "1 finding.");
        assertThat(kvist.run("verify", store, "--json")).isEqualTo(2);
        assertThat(kvist.out()).contains("\"clean\":false", "\"findings\":[{\"where\":");
        assertThat(kvist.run("tables", store, "--as-of-checkpoint")).isEqualTo(1);
        assertThat(kvist.err().lines()).hasSize(1);
    }

    @Test
    void recordThatItsCodecCannotHaveMadeIsFound() {
        Table<String, byte[]> documents = Table.of("documents", Keys.string(), Values.of("json", b -> b, b -> b));
        try (KvStore program = Kvist.open(Path.of(store))) {
            program.in(documents).put("broken", new byte[] {'{'});
        }

        assertThat(kvist.run("verify", store)).isEqualTo(2);

        assertThat(kvist.out())
                .contains("Finding: table documents: 1 record is not what the codecs string and json make");
    }

    @Test
    void storeInUseIsExitCodeThree() {
        try (KvStore program = Kvist.open(Path.of(store))) {
            assertThat(kvist.run("verify", store)).isEqualTo(3);
            assertThat(program.revision()).isEqualTo(3);
        }
    }
}
