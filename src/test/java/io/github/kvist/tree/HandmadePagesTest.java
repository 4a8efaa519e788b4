// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Pages that were made to do harm: sound in all but one respect, which is named. */
final class HandmadePagesTest {
    private static final byte[] AB = {'a', 'b'};
    private static final byte[] AC = {'a', 'c'};

    @Test
    void prefixIsTheLongest() {
        byte[] page = uniform(AB, AC, 1);
        assertThat(tree(page, null).count()).isEqualTo(2);

        assertRefused(uniform(AB, AC, 0), null, "its prefix is not the longest");
        byte[] single = new byte[24];
        single[0] = Page.FORMAT | Page.UNIFORM;
        single[1] = 1;
        single[5] = 1;
        single[6] = 1;
        single[16] = Words.fingerprint(AB, 0, 1);
        single[17] = 'a';
        assertRefused(single, null, "its prefix is not the longest");
    }

    @Test
    void keysRise() {
        assertRefused(uniform(AC, AB, 1), null, "the order of key 1");
        assertRefused(uniform(AB, AB, 1), null, "the order of key 1");
    }

    @Test
    void paddingIsZero() {
        byte[] page = Arrays.copyOf(uniform(AB, AC, 2), 24);
        page[1] = 1;
        page[2] = 2;
        page[5] = 0;
        page[6] = 0;
        page[16] = Words.fingerprint(AB, 0, 2);
        page[17] = 'a';
        page[18] = 'b';
        for (int i = 19; i < 24; i++) {
            page[i] = 0;
        }
        assertThat(tree(page, null).contains(AB)).isTrue();

        page[23] = 1;

        assertRefused(page, null, "its padding");
    }

    @Test
    void earliestDeadlineIsOneOfThePage() {
        byte[] page = page(put(put(RadixTree.empty(), "a", new byte[1], 5000), "b", new byte[1], RadixTree.NEVER));
        int deadlineOfA = Page.metaAt(page, 0) + Page.versionWidth(page);
        byte[] none = page.clone();
        none[deadlineOfA] = 0;

        assertRefused(none, null, "its earliest deadline");
        Words.putInt64(none, Page.HEADER_BYTES, RadixTree.NEVER);
        assertRefused(none, null, "its earliest deadline");
        byte[] later = page.clone();
        later[deadlineOfA] = 2;
        assertRefused(later, null, "its earliest deadline");
        byte[] beyond = page.clone();
        Words.putInt64(beyond, Page.HEADER_BYTES, RadixTree.NEVER - 1);
        beyond[deadlineOfA] = 2;
        assertRefused(beyond, null, "the deadline of entry 0");
        Words.putInt64(beyond, Page.HEADER_BYTES, RadixTree.NEVER);
        beyond[deadlineOfA] = 3;
        assertRefused(beyond, null, "the deadline of entry 0"); // beyond the last number there is
    }

    @Test
    void bigValuesAreGivenToThePageThatHasThem() {
        byte[][] big = {new byte[300]};
        BigPage leaf = (BigPage) put(RadixTree.empty(), "a", big[0], RadixTree.NEVER).root;
        assertThat(tree(leaf.page, big).bytes()).isEqualTo(301);

        assertRefused(leaf.page, null, "its number of big values");
        assertRefused(page(put(RadixTree.empty(), "a", new byte[1], RadixTree.NEVER)), big, "its number of big values");
        assertRefused(leaf.page, new byte[0][], "the big value of entry 0");
        assertRefused(leaf.page, new byte[][] {new byte[Page.INLINE_BYTES_MAX]}, "the big value of entry 0");
        assertRefused(leaf.page, new byte[][] {big[0], big[0]}, "its number of big values");
        byte[] noSlot = leaf.page.clone();
        noSlot[Page.metaAt(noSlot, 0) + Page.metaWidth(noSlot) - 1] = 0;
        assertRefused(noSlot, new byte[0][], "its number of big values");
    }

    @Test
    void pageWithoutBigValuesMayBeGivenNoneInAnArray() {
        byte[] page = page(put(RadixTree.empty(), "a", new byte[1], RadixTree.NEVER));

        assertThat(tree(page, new byte[0][]).root).isSameAs(page);
    }

    @Test
    void pageBehindSingleEntriesIsJoinedToThem() {
        TreeBuilder builder = RadixTree.builder();
        builder.add(AB, new byte[1], 0, 1, 1, RadixTree.NEVER);
        builder.addPage(page(put(RadixTree.empty(), "b", new byte[1], RadixTree.NEVER)), null, false);
        RadixTree tree = builder.build();

        tree.check();
        assertThat(tree.count()).isEqualTo(2);
        assertThat(tree.contains(AB)).isTrue();
    }

    @Test
    void entriesDifferByVersionDeadlineLengthAndValue() {
        byte[] value = {1, 2, 3};
        RadixTree tree = RadixTree.empty().put(AB, value, 0, 3, 7, 500);
        byte[] end = {'a', 'b', 0};

        assertThat(RadixTree.same(tree, RadixTree.empty().put(AB, value, 0, 3, 7, 500), AB, end))
                .isTrue();
        assertThat(RadixTree.same(tree, RadixTree.empty().put(AB, value, 0, 3, 8, 500), AB, end))
                .isFalse();
        assertThat(RadixTree.same(tree, RadixTree.empty().put(AB, value, 0, 3, 7, 501), AB, end))
                .isFalse();
        assertThat(RadixTree.same(tree, RadixTree.empty().put(AB, value, 0, 2, 7, 500), AB, end))
                .isFalse();
        assertThat(RadixTree.same(tree, RadixTree.empty().put(AB, new byte[3], 0, 3, 7, 500), AB, end))
                .isFalse();
        assertThat(RadixTree.same(tree, RadixTree.empty(), AB, end)).isFalse();
        assertThat(RadixTree.same(tree, RadixTree.empty(), AC, new byte[] {'a', 'c', 0}))
                .isTrue();
    }

    @Test
    void editorContainsWhatWasPut() {
        TreeEditor editor = RadixTree.empty().edit();
        editor.put(AB, new byte[1], 0, 1, 1, RadixTree.NEVER);

        assertThat(editor.contains(AB)).isTrue();
        assertThat(editor.contains(AC)).isFalse();
    }

    /** Two keys of two bytes, of which a prefix of so many is shared, with values of no bytes. */
    private static byte[] uniform(byte[] first, byte[] second, int prefix) {
        int suffix = 2 - prefix;
        byte[] page = new byte[Math.max(24, 18 + prefix + 2 * suffix)];
        page[0] = Page.FORMAT | Page.UNIFORM;
        page[1] = 2;
        page[2] = (byte) prefix;
        page[5] = (byte) suffix;
        page[6] = (byte) suffix;
        page[16] = Words.fingerprint(first, 0, 2);
        page[17] = Words.fingerprint(second, 0, 2);
        System.arraycopy(first, 0, page, 18, prefix);
        System.arraycopy(first, prefix, page, 18 + prefix, suffix);
        System.arraycopy(second, prefix, page, 18 + prefix + suffix, suffix);
        return page;
    }

    private static RadixTree put(RadixTree tree, String key, byte[] value, long deadline) {
        return tree.put(key.getBytes(StandardCharsets.UTF_8), value, 0, value.length, 1, deadline);
    }

    private static byte[] page(RadixTree tree) {
        return (byte[]) tree.root;
    }

    private static RadixTree tree(byte[] page, byte @Nullable [][] big) {
        RadixTree tree = RadixTree.builder().addPage(page, big, false).build();
        tree.check();
        return tree;
    }

    private static void assertRefused(byte[] page, byte @Nullable [][] big, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RadixTree.builder().addPage(page, big, false))
                .withMessage("not a page of this format: " + message);
    }
}
