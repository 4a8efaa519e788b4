// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import static io.github.kvist.engine.EngineFixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.KvException;
import io.github.kvist.checkpoint.Image;
import io.github.kvist.tree.RadixTree;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Trees of an image under the numbers of the store that takes them over. */
final class ReplacementTest {
    private final Keyspaces keyspaces = new Keyspaces();
    private final Instants instants = new Instants(Clock.systemUTC(), 0);

    @Test
    void treesGetTheNumbersThatTheirNamesHaveHere() {
        keyspaces.named("other");
        keyspaces.named("words");
        RadixTree words = put(RadixTree.empty(), "a", "1");

        Root root = replaced(7, List.of(catalogue("words", 1), words));

        assertThat(root.revision).isEqualTo(7);
        assertThat(root.tree(keyspaces.named("words").number())).isSameAs(words);
        assertThat(root.tree(keyspaces.named("other").number()).count()).isZero();
        assertThat(root.tree(Keyspaces.CATALOGUE).count()).isEqualTo(1);
    }

    @Test
    void nameWithoutATreeIsAnEmptyTable() {
        Root root = replaced(7, List.of(catalogue("words", 5)));

        assertThat(root.tree(keyspaces.named("words").number()).count()).isZero();
        assertThat(root.count()).isEqualTo(1);
    }

    @Test
    void emptyImageIsAnEmptyStore() {
        assertThat(replaced(7, List.of()).count()).isZero();
    }

    @Test
    void treeWithoutANameIsRefusedUnlessItIsEmpty() {
        RadixTree full = put(RadixTree.empty(), "a", "1");
        assertThat(replaced(7, List.of(RadixTree.empty(), RadixTree.empty())).count())
                .isZero();

        assertThatThrownBy(() -> replaced(7, List.of(RadixTree.empty(), full)))
                .isInstanceOf(KvException.Corrupt.class)
                .hasMessageContaining("there: tree 1 of the image holds 1 entries and has no name");
        assertThatThrownBy(() -> replaced(7, List.of(catalogue("words", 1), full, full)))
                .isInstanceOf(KvException.Corrupt.class)
                .hasMessageContaining("there: tree 2 of the image holds 1 entries and has no name");
    }

    @Test
    void revisionAndTimeNeverGoBack() {
        Root head = new Root(20, 900, new RadixTree[0], false);

        Root older = replacement(7, List.of()).of(head, instants);
        Root newer = replacement(30, List.of()).of(head, instants);

        assertThat(older.revision).isEqualTo(21);
        assertThat(older.millis).isEqualTo(900);
        assertThat(newer.revision).isEqualTo(30);
    }

    @Test
    void refusalOfTheCheckIsKept() {
        RuntimeException no = new IllegalStateException("no");
        Replacement refused = new Replacement(
                keyspaces,
                new Image(1, 1, 1, List.of()),
                (before, after) -> {
                    throw no;
                },
                "there");
        assertThat(refused.refusal()).isNull();

        assertThatThrownBy(() -> refused.of(Root.EMPTY, instants)).isSameAs(no);

        assertThat(refused.refusal()).isSameAs(no);
    }

    private Root replaced(long revision, List<RadixTree> trees) {
        return replacement(revision, trees).of(Root.EMPTY, instants);
    }

    private Replacement replacement(long revision, List<RadixTree> trees) {
        return new Replacement(keyspaces, new Image(revision, 1, 1, trees), (before, after) -> {}, "there");
    }

    private RadixTree catalogue(String name, int number) {
        byte[] value = Keyspaces.catalogueValue(new EngineKeyspace(name, number, keyspaces));
        return RadixTree.empty().put(bytes(name), value, 0, value.length, 1, RadixTree.NEVER);
    }

    private static RadixTree put(RadixTree tree, String key, String value) {
        return tree.put(bytes(key), bytes(value), 0, value.length(), 1, RadixTree.NEVER);
    }
}
