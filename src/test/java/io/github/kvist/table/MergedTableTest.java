// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.api.Index;
import io.github.kvist.codec.Keys;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who defined a table how, on the three sides of a merge: here, where the fork began, and in the fork. */
final class MergedTableTest {
    private static final Definition OLD = new Definition("k", "v", List.of());
    private static final Definition NEW = new Definition(
            "k",
            "v",
            List.of(
                    IndexDefinition.of(Index.unique("unique", Keys.string(), String::valueOf)),
                    IndexDefinition.of(Index.of("simple", Keys.string(), String::valueOf))));
    private static final Definition OTHER = new Definition("k", "w", List.of());

    @Test
    void tableThatNobodyRedefinedComesWithoutItsDefinition() {
        assertThat(table(OLD, OLD, OLD).bringsDefinition()).isFalse();
        assertThat(table(OLD, OLD, OLD).isRedefinedHere()).isFalse();
        assertThat(table(NEW, OLD, OLD).bringsDefinition()).isFalse();
        assertThat(table(null, null, null).bringsDefinition()).isFalse();
    }

    @Test
    void definitionThatTheForkMadeOrChangedComesAlong() {
        assertThat(table(null, null, NEW).bringsDefinition()).isTrue();
        assertThat(table(OLD, OLD, NEW).bringsDefinition()).isTrue();
        assertThat(table(OLD, OLD, NEW).isRedefinedByFork()).isTrue();
    }

    @Test
    void definitionThatAnEarlierMergeLeftOutComesAlong() {
        assertThat(table(null, NEW, NEW).bringsDefinition()).isTrue();
        assertThat(table(null, NEW, NEW).isRedefinedByFork()).isFalse();
    }

    @Test
    void otherDefinitionHereIsInTheWay() {
        assertThat(table(OTHER, OLD, NEW).isRedefinedHere()).isTrue();
        assertThat(table(NEW, OLD, NEW).isRedefinedHere()).isFalse();
        assertThat(table(OLD, OLD, NEW).isRedefinedHere()).isFalse();
        assertThat(table(null, OLD, NEW).isRedefinedHere()).isFalse();
    }

    @Test
    void onlyUniqueIndexesOfTheForkAreUnique() {
        assertThat(table(OLD, OLD, NEW).isUnique("unique")).isTrue();
        assertThat(table(OLD, OLD, NEW).isUnique("simple")).isFalse();
        assertThat(table(OLD, OLD, NEW).isUnique("another")).isFalse();
        assertThat(table(OLD, OLD, null).isUnique("unique")).isFalse();
    }

    private static MergedTable table(
            @Nullable Definition here, @Nullable Definition base, @Nullable Definition changed) {
        return new MergedTable("t", here, base, changed);
    }
}
