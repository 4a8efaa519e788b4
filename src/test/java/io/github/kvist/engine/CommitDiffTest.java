// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import static io.github.kvist.engine.EngineFixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.backend.KeyChange;
import io.github.kvist.tree.RadixTree;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a commit did to each key, as watches are told: by what was alive when it was made. */
final class CommitDiffTest {
    private static final byte[] KEY = bytes("k");

    private final Keyspaces keyspaces = new Keyspaces();
    private final EngineKeyspace words = keyspaces.named("words");

    @Test
    void putAndDeleteShowWhatWasAndWhatIs() {
        RadixTree one = put(RadixTree.empty(), "1", RadixTree.NEVER);
        RadixTree two = put(one, "2", RadixTree.NEVER);

        assertThat(changes(RadixTree.empty(), one, false)).containsExactly("null -> 1");
        assertThat(changes(one, two, false)).containsExactly("1 -> 2");
        assertThat(changes(two, RadixTree.empty(), false)).containsExactly("2 -> null");
        assertThat(changes(two, two, false)).isEmpty();
    }

    @Test
    void whatWasDueAlreadyWasNotThere() {
        RadixTree due = put(RadixTree.empty(), "due", 100);

        assertThat(changes(due, put(due, "2", RadixTree.NEVER), false)).containsExactly("null -> 2");
        assertThat(changes(due, RadixTree.empty(), false)).containsExactly("due -> null expired");
    }

    @Test
    void whatIsDueAtOnceNeverWasThere() {
        RadixTree due = put(RadixTree.empty(), "due", 100);

        assertThat(changes(RadixTree.empty(), due, false)).isEmpty();
        assertThat(changes(put(RadixTree.empty(), "older", 99), due, false)).isEmpty();
        assertThat(changes(put(RadixTree.empty(), "1", 101), due, false)).containsExactly("1 -> null");
    }

    @Test
    void sweepExpiresWhatItTakes() {
        RadixTree due = put(RadixTree.empty(), "due", 100);

        assertThat(changes(due, RadixTree.empty(), true)).containsExactly("due -> null expired");
    }

    private List<String> changes(RadixTree before, RadixTree after, boolean isSweep) {
        List<String> changes = new ArrayList<>();
        RadixTree[] old = {RadixTree.empty(), before};
        RadixTree[] fresh = {RadixTree.empty(), after};
        CommitDiff.walk(
                words, new Root(1, 50, old, false), new Root(2, 100, fresh, isSweep), new byte[0], null, change -> {
                    assertThat(change.key()).isEqualTo(KEY);
                    changes.add(shown(change));
                });
        return changes;
    }

    private static String shown(KeyChange change) {
        return EngineFixture.text(change.before()) + " -> " + EngineFixture.text(change.after())
                + (change.expired() ? " expired" : "");
    }

    private static RadixTree put(RadixTree tree, String value, long deadline) {
        return tree.put(KEY, bytes(value), 0, value.length(), tree.count() + 1 + value.length() * 7L, deadline);
    }
}
