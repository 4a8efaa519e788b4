// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import static io.github.kvist.engine.EngineFixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.KvException;
import io.github.kvist.tree.RadixTree;
import org.junit.jupiter.api.Test;

/** A store has so many keyspaces and no more. */
final class KeyspaceNumbersTest {

    @Test
    void keyspaceBeyondTheLastNumberIsRefused() {
        Keyspaces keyspaces = keyspacesUpTo(Keyspaces.NUMBER_MAX - 1);
        assertThat(keyspaces.named("last").number()).isEqualTo(Keyspaces.NUMBER_MAX);

        assertThatThrownBy(() -> keyspaces.named("one more"))
                .isInstanceOf(KvException.LimitExceeded.class)
                .hasMessageContaining("at most " + Keyspaces.NUMBER_MAX + " tables and indexes");
        assertThat(keyspaces.named("last").number()).isEqualTo(Keyspaces.NUMBER_MAX);
    }

    @Test
    void catalogueWithANumberBeyondTheLastIsRefused() {
        assertThatThrownBy(() -> keyspacesUpTo(Keyspaces.NUMBER_MAX + 1)).isInstanceOf(KvException.Corrupt.class);
    }

    private static Keyspaces keyspacesUpTo(int number) {
        Keyspaces keyspaces = new Keyspaces();
        byte[] value = Keyspaces.catalogueValue(new EngineKeyspace("known", number, keyspaces));
        keyspaces.load(RadixTree.empty().put(bytes("known"), value, 0, value.length, 1, RadixTree.NEVER));
        return keyspaces;
    }
}
