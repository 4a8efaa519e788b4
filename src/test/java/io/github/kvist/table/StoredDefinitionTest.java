// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.Index;
import io.github.kvist.api.KvException;
import io.github.kvist.backend.Stored;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

final class StoredDefinitionTest {

    private static final StoredDefinition SOME = new StoredDefinition(
            3,
            new Definition(
                    "string",
                    "json",
                    List.of(
                            new IndexDefinition("b", "int64", Index.Kind.UNIQUE, 2),
                            new IndexDefinition("a", "bytes", Index.Kind.MULTI, 0))));

    @Test
    void definitionComesBackEqual() {
        byte[] bytes = SOME.toBytes();
        byte[] embedded = new byte[bytes.length + 4];
        System.arraycopy(bytes, 0, embedded, 2, bytes.length);

        assertThat(StoredDefinition.of("t", new Stored(embedded, 2, bytes.length, 1, Stored.NEVER)))
                .isEqualTo(SOME);
    }

    @Test
    void layoutNeverChanges() {
        assertThat(HexFormat.of().formatHex(SOME.toBytes()))
                .isEqualTo("01" + "00000003" + "0006737472696e67" + "00046a736f6e" + "0002"
                        + "000161" + "00056279746573" + "02" + "00000000"
                        + "000162" + "0005696e743634" + "01" + "00000002");
    }

    @Test
    void newerFormatIsNotGuessedAt() {
        byte[] newer = SOME.toBytes();
        newer[0] = 2;

        assertThatThrownBy(() -> read(newer))
                .isInstanceOf(KvException.UnsupportedFormat.class)
                .hasMessageContaining("table t");
    }

    @Test
    void everyCutAndEveryFollowingByteIsFound() {
        byte[] bytes = SOME.toBytes();
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> read(cut)).isInstanceOf(KvException.Corrupt.class);
        }
        assertThatThrownBy(() -> read(Arrays.copyOf(bytes, bytes.length + 1))).isInstanceOf(KvException.Corrupt.class);
    }

    @Test
    void unknownKindIsFound() {
        byte[] bytes = SOME.toBytes();
        bytes[bytes.length - 5] = 9;

        assertThatThrownBy(() -> read(bytes)).isInstanceOf(KvException.Corrupt.class);
    }

    private static StoredDefinition read(byte[] bytes) {
        return StoredDefinition.of("t", new Stored(bytes, 0, bytes.length, 1, Stored.NEVER));
    }
}
