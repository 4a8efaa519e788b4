// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.tree;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Nodes put together by hand, each wrong in one way: the check of a tree says which way. */
final class TreeCheckTest {
    private final byte[] a = leaf("a"); // 61: label 7 at half byte 0, label 2 at half byte 1
    private final byte[] b = leaf("b");
    private final byte[] c = leaf("c");

    @Test
    void soundNodesPass() {
        assertThatCode(() -> TreeCheck.check(inner(1, 2, a, 3, b))).doesNotThrowAnyException();
        assertThatCode(() -> TreeCheck.check(sep("b", a, b))).doesNotThrowAnyException();
        assertThatCode(() -> TreeCheck.check(Page.EMPTY)).doesNotThrowAnyException();
        assertThatCode(() -> TreeCheck.check(inner(1, 2, sep("aa", a, leaf("aa")), 3, b)))
                .doesNotThrowAnyException();
    }

    @Test
    void nodeHasTwoChildrenAtLeast() {
        assertRefused(Inner.of(null, 1, new int[] {2}, new Object[] {a}), "root: fewer than two children");
        assertRefused(new Sep(new byte[0][], new Object[] {a}), "root: so many children: 1");
    }

    @Test
    void comparisonNodeHasNotMoreChildrenThanItMay() {
        byte[][] separators = new byte[Sep.KIDS_MAX][];
        Object[] kids = new Object[Sep.KIDS_MAX + 1];
        for (int i = 0; i < kids.length; i++) {
            kids[i] = leaf(String.valueOf((char) ('a' + i)));
            if (i > 0) {
                separators[i - 1] = key(String.valueOf((char) ('a' + i)));
            }
        }

        assertRefused(new Sep(separators, kids), "so many children: 17");
        assertThatCode(() -> TreeCheck.check(
                        new Sep(Arrays.copyOf(separators, Sep.KIDS_MAX - 1), Arrays.copyOf(kids, Sep.KIDS_MAX))))
                .doesNotThrowAnyException();
    }

    @Test
    void nodeHasALabelOrASeparatorBetweenTwoChildren() {
        Inner inner = inner(1, 2, a, 3, b);
        inner.bits |= 1 << 9;

        assertRefused(inner, "labels and children do not match");
        assertRefused(
                new Sep(new byte[][] {key("b"), key("c")}, new Object[] {a, b}),
                "separators and children do not match");
    }

    @Test
    void nodeTestsWhatIsNotKnownYet() {
        Inner same = inner(0, 7, a, 8, leaf("q")); // 61 and 71

        assertRefused(inner(1, 2, same, 3, b), "root/1:0: tests half byte 0, known already");
    }

    @Test
    void treeIsNotHigherThanItMayBe() {
        Inner inner = inner(1, 2, a, 3, b);
        inner.raise(Relief.HEIGHT_MAX);
        assertThatCode(() -> TreeCheck.check(inner)).doesNotThrowAnyException();

        inner.raise(Relief.HEIGHT_MAX + 1);

        assertRefused(inner, "too high: 49");
        Inner low = inner(3, 2, leaf("1a"), 3, leaf("1b"));
        Inner over = inner(1, 2, low, 3, leaf("2a"));
        low.raise(Relief.HEIGHT_MAX);
        over.raise(Relief.HEIGHT_MAX + 1);
        assertRefused(over, "too high");
    }

    @Test
    void childHasKeysOfItsOwnRange() {
        assertRefused(inner(1, 2, b, 3, a), "root/1:0: keys of another range");
        assertRefused(inner(1, 2, leaf("a", "b"), 3, c), "root/1:0: keys of another range");
        assertRefused(inner(1, 2, a, 4, b), "root/1:1: keys of another range");
        assertRefused(inner(3, 2, leaf("1b", "2a"), 4, leaf("3c")), "root/3:0: keys of another range");
        assertRefused(sep("b", b, c), "root/sep:0: keys of another range");
        assertRefused(sep("c", a, b), "root/sep:1: keys of another range");
        assertRefused(sep("b", leaf("a", "b"), c), "root/sep:0: keys of another range");
    }

    @Test
    void onlyALeafHasKeysOfSeveralLabels() {
        assertRefused(inner(1, 2, inner(1, 2, a, 3, b), 5, leaf("d")), "root/1:0: a node with keys of several labels");
        assertThatCode(() -> TreeCheck.check(inner(1, 2, leaf("a", "b"), 5, leaf("d"))))
                .doesNotThrowAnyException();
    }

    @Test
    void nodeKnowsTheHeightBelow() {
        Inner low = inner(3, 2, leaf("1a"), 3, leaf("1b"));
        Inner over = inner(1, 2, low, 3, leaf("2a"));
        assertThatCode(() -> TreeCheck.check(over)).doesNotThrowAnyException();

        low.raise(2);

        assertRefused(over, "root/1:0: higher than the node above knows");
    }

    @Test
    void nodeKnowsADeadlineNotAfterAnyBelow() {
        Inner inner = inner(1, 2, due("a", 500), 3, due("b", 700));
        inner.deadline = 499;
        assertThatCode(() -> TreeCheck.check(inner)).doesNotThrowAnyException();

        inner.deadline = 501;

        assertRefused(inner, "root/1:0: an earlier deadline than the node above knows");
    }

    @Test
    void keysBelowANodeShareWhatIsBeforeIt() {
        assertRefused(inner(3, 2, leaf("1a", "2a"), 3, leaf("3b")), "do not share the first 3 half bytes");
        assertRefused(inner(1, 2, leaf("\u0011", "\u0021"), 3, leaf("2")), "do not share the first 1 half bytes");
        assertRefused(inner(1, 0, leaf("", "\u0011"), 3, leaf("2")), "do not share the first 1 half bytes");
        assertRefused(inner(2, 0, leaf("", "a"), 3, leaf("a\u0021")), "do not share the first 2 half bytes");
    }

    @Test
    void nodeCountsWhatIsBelow() {
        Inner more = inner(1, 2, a, 3, b);
        more.account(1, 0, RadixTree.NEVER);
        Inner larger = inner(1, 2, a, 3, b);
        larger.account(0, 1, RadixTree.NEVER);

        assertRefused(more, "root: counts 3 entries, holds 2");
        assertRefused(larger, "root: counts 5 bytes, holds 4");
    }

    @Test
    void comparisonNodeKnowsItsSums() {
        for (byte[] other : new byte[][] {leaf("b", "c"), put("b", "longer", RadixTree.NEVER), due("b", 5)}) {
            Sep sep = sep("b", a, b);
            sep.kids[1] = other;
            assertRefused(sep, "root: its sums are wrong");
        }
    }

    @Test
    void noRadixNodeLiesUnderAComparisonNode() {
        assertRefused(sep("c", inner(1, 2, a, 3, b), c), "root/sep:0: a radix node under a comparison node");
    }

    private static void assertRefused(Object node, String message) {
        assertThatIllegalStateException()
                .isThrownBy(() -> new RadixTree(node).check())
                .withMessageContaining(message);
    }

    private static Inner inner(int position, int label, Object kid, int nextLabel, Object nextKid) {
        return Inner.of(null, position, new int[] {label, nextLabel}, new Object[] {kid, nextKid});
    }

    private static Sep sep(String separator, Object kid, Object next) {
        return new Sep(new byte[][] {key(separator)}, new Object[] {kid, next});
    }

    /** A page of these keys with values of one byte. */
    private static byte[] leaf(String... keys) {
        RadixTree tree = RadixTree.empty();
        for (String each : keys) {
            tree = tree.put(key(each), new byte[1], 0, 1, 1, RadixTree.NEVER);
        }
        return (byte[]) tree.root;
    }

    private static byte[] due(String key, long deadline) {
        return put(key, "v", deadline);
    }

    private static byte[] put(String key, String value, long deadline) {
        return (byte[]) RadixTree.empty().put(key(key), key(value), 0, value.length(), 1, deadline).root;
    }

    private static byte[] key(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
