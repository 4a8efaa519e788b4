// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import static io.github.kvist.engine.EngineFixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.KvException.Corrupt;
import io.github.kvist.backend.Stored;
import io.github.kvist.tree.RadixTree;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyspacesTest {

    @Test
    void aNameKeepsItsNumberAndOthersGetHigherOnes() {
        Keyspaces keyspaces = new Keyspaces();
        keyspaces.load(catalogue(Keyspaces.catalogueValue(new EngineKeyspace("known", 7, keyspaces))));

        assertThat(keyspaces.named("known").number()).isEqualTo(7);
        assertThat(keyspaces.named("new").number()).isEqualTo(8);
        assertThat(keyspaces.named("new")).isSameAs(keyspaces.numbered(8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "abcd", "abcde", "\0\0\0\0"})
    void aDamagedCatalogueIsRefused(String value) {
        assertThatThrownBy(() -> new Keyspaces().load(catalogue(bytes(value))))
                .isInstanceOf(Corrupt.class)
                .hasMessageContaining("catalogue");
    }

    @Test
    void aHandleOfAnotherStoreIsRefused() {
        EngineFixture one = EngineFixture.fresh();
        EngineFixture other = EngineFixture.fresh();

        assertThatThrownBy(() -> one.engine.view().get(other.words, bytes("k")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("another store");
    }

    private static RadixTree catalogue(byte[] value) {
        return RadixTree.empty().put(bytes("known"), value, 0, value.length, 1, Stored.NEVER);
    }
}
