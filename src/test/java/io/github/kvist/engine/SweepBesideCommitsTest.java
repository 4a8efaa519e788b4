// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import static io.github.kvist.engine.EngineFixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.tree.RadixTree;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** A sweep that was prepared beside commits and is carried over to the head that they made. */
final class SweepBesideCommitsTest {
    private static final long INSTANT = 100;

    @Test
    void whatIsDueGoesAndTheRestStays() {
        RadixTree tree = put(put(put(RadixTree.empty(), "due", 100), "later", 101), "never", RadixTree.NEVER);
        Root base = root(RadixTree.empty(), tree);

        RadixTree[] swept = new Sweep(base, INSTANT).onto(base);

        assertThat(swept[0]).isSameAs(base.tree(0));
        assertThat(keys(swept[1])).isEqualTo("later never ");
    }

    @Test
    void treeThatCameMeanwhileIsSweptToo() {
        Root base = root(RadixTree.empty());
        RadixTree fresh = put(put(RadixTree.empty(), "due", 99), "later", 101);
        RadixTree untouched = put(RadixTree.empty(), "later", 101);

        RadixTree[] swept = new Sweep(base, INSTANT).onto(root(RadixTree.empty(), fresh, untouched));

        assertThat(keys(swept[1])).isEqualTo("later ");
        assertThat(swept[2]).isSameAs(untouched);
    }

    @Test
    void emptyTreeThatCameMeanwhileStaysEmpty() {
        RadixTree[] swept =
                new Sweep(root(RadixTree.empty()), INSTANT).onto(root(RadixTree.empty(), RadixTree.empty()));

        assertThat(swept).hasSize(2);
        assertThat(swept[1].count()).isZero();
    }

    @Test
    void changesMadeMeanwhileAreKept() {
        RadixTree before = put(put(put(RadixTree.empty(), "a", 100), "b", 100), "c", 100);
        RadixTree after = put(put(before.delete(bytes("a")), "b", 200), "d", 100);

        RadixTree[] swept = new Sweep(root(before), INSTANT).onto(root(after));

        assertThat(keys(swept[0])).isEqualTo("b ");
    }

    @Test
    void changedTreeInWhichNothingIsDueStaysAsItIs() {
        RadixTree before = put(RadixTree.empty(), "a", 100);
        RadixTree after = put(before, "a", 200);

        assertThat(new Sweep(root(before), INSTANT).onto(root(after))[0]).isSameAs(after);
    }

    private static Root root(RadixTree... trees) {
        return new Root(1, 1, trees, false);
    }

    private static RadixTree put(RadixTree tree, String key, long deadline) {
        return tree.put(bytes(key), new byte[1], 0, 1, deadline, deadline);
    }

    private static String keys(RadixTree tree) {
        tree.check();
        StringBuilder keys = new StringBuilder();
        var cursor = tree.forward(new byte[0], null);
        while (cursor.advance()) {
            keys.append(new String(cursor.key(), StandardCharsets.UTF_8)).append(' ');
        }
        return keys.toString();
    }
}
