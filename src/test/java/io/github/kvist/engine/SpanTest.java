// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import static io.github.kvist.engine.EngineFixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Stretches of keys, joined where they touch; and an index of them that is empty. */
final class SpanTest {

    @Test
    void spanOfAKeyHoldsThatKeyOnly() {
        Span span = Span.of(bytes("k"));

        assertThat(span.from()).isEqualTo(bytes("k"));
        assertThat(span.to()).isEqualTo(bytes("k\0"));
    }

    @Test
    void spanReachesWhatBeginsInsideOrRightBehindIt() {
        assertThat(span("a", "c").reaches(span("b", "d"))).isTrue();
        assertThat(span("a", "c").reaches(span("c", "d"))).isTrue();
        assertThat(span("a", "c").reaches(span("c0", "d"))).isFalse();
        assertThat(span("a", null).reaches(span("z", "zz"))).isTrue();
    }

    @Test
    void joinedSpanEndsWhereTheLaterEnds() {
        assertThat(span("a", "c").through(span("b", "d")).to()).isEqualTo(bytes("d"));
        assertThat(span("a", "d").through(span("b", "c")).to()).isEqualTo(bytes("d"));
        assertThat(span("a", "d").through(span("b", "d")).to()).isEqualTo(bytes("d"));
        assertThat(span("a", null).through(span("b", "d")).to()).isNull();
        assertThat(span("a", "c").through(span("b", null)).to()).isNull();
        assertThat(span("a", "c").through(span("b", null)).from()).isEqualTo(bytes("a"));
    }

    @Test
    void indexWithoutRangesCoversNothing() {
        RangeIndex<String> index = new RangeIndex<>(Arrays::compareUnsigned);
        assertThat(index.isEmpty()).isTrue();
        assertThat(index.to()).isNull();
        assertThat(index.covers(bytes("k"))).isFalse();

        RangeIndex.Node<String> node = index.add(bytes("a"), bytes("c"), "range");
        assertThat(index.isEmpty()).isFalse();
        index.remove(node);
        index.remove(node);

        assertThat(index.isEmpty()).isTrue();
    }

    @Test
    void rangeThatIsTakenOutTwiceTakesNoOtherWithIt() {
        RangeIndex<String> index = new RangeIndex<>(Arrays::compareUnsigned);
        RangeIndex.Node<String> first = index.add(bytes("a"), bytes("c"), "first");
        index.add(bytes("a"), bytes("c"), "second");
        index.add(bytes("b"), null, "third");

        index.remove(first);
        index.remove(first);

        StringBuilder found = new StringBuilder();
        index.covering(bytes("b"), found::append);
        assertThat(found).hasToString("secondthird");
    }

    private static Span span(String from, @Nullable String to) {
        return new Span(bytes(from), to == null ? null : bytes(to));
    }
}
