// SPDX-License-Identifier: Apache-2.0
package io.github.kvist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.Capability;
import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.Table;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import io.github.kvist.testkit.ReferenceBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KvistTest {

    private static final Table<String, String> WORDS = Table.of("words", Keys.string(), Values.string());

    @TempDir
    private Path directory;

    @Test
    void whatWasPutIsThereAfterReopening() {
        Path home = directory.resolve("app");
        try (KvStore store = Kvist.open(home)) {
            store.in(WORDS).put("k", "v");
        }

        try (KvStore store = Kvist.open("file:" + home)) {
            assertThat(store.in(WORDS).get("k")).contains("v");
            assertThat(store.admin().recovery().clean()).isTrue();
        }
    }

    @Test
    void aDirectoryIsFoundByEverySpellingOfItsAddress() {
        try (KvStore store = Kvist.open("file:" + directory + "/with space")) {
            store.in(WORDS).put("k", "v");
        }

        for (String address : new String[] {
            "file://" + directory + "/with%20space",
            "FILE:" + directory + "/with%20space",
            "file:" + directory + "/./with space?durability=OS"
        }) {
            try (KvStore store = Kvist.open(address)) {
                assertThat(store.in(WORDS).get("k")).contains("v");
            }
        }
    }

    @Test
    void aMemoryStoreEndsWithItself() {
        try (KvStore store = Kvist.open("memory:")) {
            store.in(WORDS).put("k", "v");
        }
        try (KvStore store = Kvist.inMemory()) {
            assertThat(store.in(WORDS).get("k")).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "data/app                      | has no scheme",
                "ftp:somewhere                 | scheme \"ftp\" is unknown",
                "memory:name                   | takes nothing behind the colon",
                "memory:?durability=os         | It takes none",
                "file:                         | followed by a directory",
                "file://host/data              | names no host",
                "file:x?durable=yes            | It takes durability",
                "file:x?durability=sometimes   | one of sync, os, memory",
                "file:x?durability             | needs one value",
                "file:x?durability=os&durability=os | only once",
                "file:x%2                      | two hexadecimal digits",
                "file:x%00y                    | Not a path",
            })
    void aMalformedAddressIsRefusedBeforeAnythingIsCreated(String address, String reason) throws IOException {
        String inside = address.replace("file:x", "file:" + directory + "/x");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Kvist.open(inside))
                .withMessageContaining(reason);

        try (Stream<Path> created = Files.list(directory)) {
            assertThat(created).isEmpty();
        }
    }

    @Test
    void aSecretInAnAddressIsNotRepeated() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Kvist.open("oracle://scott:tiger@host/db"))
                .satisfies(refused -> assertThat(refused.toString()).doesNotContain("tiger"));
    }

    @Test
    void aMissingCapabilityIsRefusedAtOpenWithTheWholeList() {
        Options demanding = Options.defaults().require(Capability.SERIALIZABLE, Capability.FENCING, Capability.FORK);

        assertThatThrownBy(() -> Kvist.open("file:" + directory.resolve("app"), demanding))
                .isInstanceOf(KvException.Unsupported.class)
                .hasMessageContaining("[FENCING]");
        assertThatThrownBy(() -> Kvist.open(new ReferenceBackend(), demanding))
                .isInstanceOf(KvException.Unsupported.class)
                .hasMessageContaining("[FORK, FENCING]");
        // And the directory is free again.
        Kvist.open(directory.resolve("app")).close();
    }

    @Test
    void aStoreInUseIsRefusedAndNamesItsHolder() {
        Path home = directory.resolve("app");
        try (KvStore holder = Kvist.open(home)) {
            assertThatThrownBy(() -> Kvist.open(home))
                    .isInstanceOf(KvException.Locked.class)
                    .hasMessageContaining("this process");
            holder.in(WORDS).put("still", "works");
        }
    }

    @Test
    void aReadOnlyStoreRefusesWritesAndChangesNothing() throws IOException {
        Path home = directory.resolve("app");
        try (KvStore store = Kvist.open(home)) {
            store.in(WORDS).put("k", "v");
        }
        long before = sizeOf(home);

        try (KvStore store = Kvist.open("file:" + home, Options.defaults().readOnly())) {
            assertThat(store.in(WORDS).get("k")).contains("v");
            assertThatThrownBy(() -> store.in(WORDS).put("k", "w"))
                    .isInstanceOf(KvException.Unsupported.class)
                    .hasMessageContaining("read-only");
        }
        assertThat(sizeOf(home)).isEqualTo(before);
    }

    private static long sizeOf(Path home) throws IOException {
        try (Stream<Path> files = Files.walk(home)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }
}
