// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.backend.Branch;
import io.github.kvist.backend.KeyChange;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.View;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What differs between two views of the engine. */
class RootDiffTest {

    private final EngineFixture fixture = EngineFixture.fresh();
    private final Keyspace others = fixture.engine.keyspace("others");

    @Test
    void eachKeyIsReportedOnceWithBothStates() {
        fixture.put("changed", "old");
        fixture.put("deleted", "old");
        fixture.put("left", "alone");
        View before = fixture.engine.view();

        fixture.put("changed", "between");
        fixture.put("changed", "new");
        fixture.put("added", "new");
        fixture.put("passing", "by");
        try (Branch branch = fixture.begin()) {
            branch.delete(fixture.words, EngineFixture.bytes("deleted"));
            branch.delete(fixture.words, EngineFixture.bytes("passing"));
            branch.commit();
        }

        assertThat(texts(before, fixture.engine.view(), ""))
                .containsExactly("words/added null>new", "words/changed old>new", "words/deleted old>null");
        assertThat(texts(before, before, "")).isEmpty();
    }

    @Test
    void onlyTheKeyspacesThatAreAskedForAreReported() {
        View before = fixture.engine.view();
        try (Branch branch = fixture.begin()) {
            fixture.put(branch, "a", "1");
            branch.put(others, EngineFixture.bytes("b"), EngineFixture.bytes("2"), Long.MAX_VALUE);
            branch.commit();
        }

        assertThat(texts(before, fixture.engine.view(), "oth")).containsExactly("others/b null>2");
        assertThat(texts(before, fixture.engine.view(), "")).hasSize(2);
    }

    @Test
    void aKeyspaceThatWasNamedAndNeverWrittenToIsPassedOver() {
        EngineFixture earlier = EngineFixture.fresh();
        earlier.engine.keyspace("never written");
        Keyspace last = earlier.engine.keyspace("last");
        try (Branch branch = earlier.begin()) {
            branch.put(last, EngineFixture.bytes("a"), EngineFixture.bytes("1"), Long.MAX_VALUE);
            branch.commit();
        }
        EngineFixture later = earlier.afterCrash();
        View before = later.engine.view();
        later.put("b", "2");

        List<String> changed = new ArrayList<>();
        later.engine
                .diff(before, later.engine.view(), "")
                .forEachRemaining(change -> changed.add(change.keyspace().name()));
        assertThat(changed).containsExactly("words");
    }

    @Test
    void moreChangesThanAPageAreAllReportedInOrder() {
        View before = fixture.engine.view();
        List<String> expected = new ArrayList<>();
        try (Branch branch = fixture.begin()) {
            for (int i = 10_000; i < 15_000; i++) {
                fixture.put(branch, "k" + i, "v" + i);
                expected.add("words/k" + i + " null>v" + i);
            }
            branch.commit();
        }

        assertThat(texts(before, fixture.engine.view(), "")).isEqualTo(expected);
    }

    @Test
    void aViewOfAnotherStoreIsRefused() {
        View stranger = EngineFixture.fresh().engine.view();

        assertThatThrownBy(() -> fixture.engine.diff(stranger, fixture.engine.view(), ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("another store");
    }

    private List<String> texts(View before, View after, String prefix) {
        List<String> texts = new ArrayList<>();
        Iterator<KeyChange> changes = fixture.engine.diff(before, after, prefix);
        while (changes.hasNext()) {
            KeyChange change = changes.next();
            texts.add(change.keyspace().name() + "/" + new String(change.key(), StandardCharsets.UTF_8) + " "
                    + EngineFixture.text(change.before()) + ">" + EngineFixture.text(change.after()));
        }
        return texts;
    }
}
