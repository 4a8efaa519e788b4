// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The bytes of a page, and what becomes of bytes that are none. */
class PageFormatTest {
    private record Stored(byte[] page, byte @Nullable [][] big, boolean underSep) {}

    @Test
    void aUniformPageIsLaidOutAsDocumented() {
        TreeBuilder builder = RadixTree.builder();
        add(builder, "key-1", "AB", 1000, RadixTree.NEVER);
        add(builder, "key-2", "CD", 1500, RadixTree.NEVER);

        assertThat(hex(pages(builder.build()).get(0).page()))
                .isEqualTo("11" + "02" + "0400" + "02" + "01" + "0500" + "e803000000000000" // header
                        + fingerprint("key-1") + fingerprint("key-2")
                        + "6b65792d" // prefix
                        + "31" + "0000" + "4142"
                        + "32" + "f401" + "4344");
    }

    @Test
    void aPageOfUnequalEntriesIsLaidOutAsDocumented() {
        TreeBuilder builder = RadixTree.builder();
        add(builder, "", "", 7, 5000);
        add(builder, "b", "X", 7, RadixTree.NEVER);
        add(builder, "b2", "x".repeat(257), 8, 5002);

        Stored stored = pages(builder.build()).get(0);

        assertThat(hex(stored.page()))
                .isEqualTo("16" + "03" + "0000" + "11" + "00" + "0000" + "0700000000000000" // header
                        + "8813000000000000" // deadline base
                        + fingerprint("") + fingerprint("b") + fingerprint("b2")
                        + "2100" + "2500" + "2b00" // offsets
                        + "00" + "00" + "01" + "00"
                        + "01" + "62" + "00" + "00" + "00" + "58"
                        + "02" + "6232" + "01" + "03" + "01");
        assertThat(stored.big()).hasDimensions(1, 257);
    }

    @Test
    void fingerprintsAreThoseOfTheFormat() {
        byte[] bytes = new byte[200];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 37 + 1);
        }
        StringBuilder seen = new StringBuilder();
        for (int length : new int[] {0, 1, 3, 4, 7, 8, 9, 16, 35, 63, 64, 65, 200}) {
            seen.append(HexFormat.of().toHexDigits(Words.fingerprint(bytes, 0, length)));
        }

        // A change here is a new version of the page format.
        assertThat(seen).hasToString("0077f42be63482a2f81dad3c34");
    }

    @Test
    void pagesThatAreNoneAreRefused() {
        List<byte[]> broken = new ArrayList<>();
        byte[] page = somePages(3).get(0).page();
        broken.add(new byte[0]);
        broken.add(Arrays.copyOf(page, 15));
        broken.add(Arrays.copyOf(page, page.length - 1));
        broken.add(Arrays.copyOf(page, page.length + 1));
        broken.add(Arrays.copyOf(page, 70_000));
        broken.add(with(page, 0, page[0] + 0x10));
        broken.add(with(page, 0, page[0] | 8));
        broken.add(with(page, 1, 0));
        broken.add(with(page, 1, 65));
        broken.add(with(page, 1, -1));
        broken.add(with(page, 2, page[2] + 1));
        broken.add(with(page, 4, 9));
        broken.add(with(page, Page.fingerprintsAt(page), page[Page.fingerprintsAt(page)] + 1));

        for (byte[] bytes : broken) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> RadixTree.builder().addPage(bytes, null, false))
                    .withMessageContaining("not a page of this format");
        }
    }

    @Property(tries = 4000)
    void damageIsRefusedOrHarmless(@ForAll NastyKeys keys, @ForAll long seed) {
        Random random = new Random(seed);
        Stored stored = randomPage(keys, random);
        byte[] page = stored.page().clone();
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            // Mostly in front, where the structure is.
            int at = random.nextInt(random.nextBoolean() ? Math.min(page.length, 40) : page.length);
            page[at] = (byte) (random.nextBoolean() ? random.nextInt(256) : page[at] + (random.nextBoolean() ? 1 : -1));
        }
        if (random.nextInt(4) == 0) {
            page = Arrays.copyOf(page, random.nextInt(page.length + 20));
        }
        byte @Nullable [][] big = random.nextInt(8) == 0 ? null : stored.big();

        RadixTree tree;
        try {
            tree = RadixTree.builder().addPage(page, big, false).build();
        } catch (IllegalArgumentException refused) {
            return;
        }

        // What is accepted is a sound tree: it can be read to the last byte and edited.
        tree.check();
        assertReadable(tree);
        TreeEditor editor = tree.edit();
        for (int i = 0; i < 40; i++) {
            editor.put(keys.next(random), new byte[i], 0, i, i, RadixTree.NEVER);
            editor.delete(keys.next(random));
        }
        editor.freeze().check();
    }

    private static void assertReadable(RadixTree tree) {
        TreeCursor cursor = tree.forward(new byte[0], null);
        long read = 0;
        while (cursor.advance()) {
            TreeEntry entry = tree.get(cursor.key());
            assertThat(entry).isNotNull();
            assertThat(entry.value())
                    .isEqualTo(Arrays.copyOfRange(cursor.array(), cursor.offset(), cursor.offset() + cursor.length()));
            assertThat(entry.version()).isEqualTo(cursor.version());
            assertThat(entry.deadline()).isEqualTo(cursor.deadline());
            read++;
        }
        assertThat(read).isEqualTo(tree.count());
    }

    @Property(tries = 500)
    void pagesInAnotherOrderAreRefusedOrMakeASoundTree(@ForAll NastyKeys keys, @ForAll long seed) {
        Random random = new Random(seed);
        TreeEditor editor = RadixTree.empty().edit();
        for (int i = 0; i < 300; i++) {
            byte[] value = NastyKeys.value(random);
            editor.put(keys.next(random), value, 0, value.length, i, NastyKeys.deadline(random));
        }
        List<Stored> pages = pages(editor.freeze());
        TreeBuilder builder = RadixTree.builder();
        boolean swaps = random.nextInt(4) == 0;
        try {
            for (Stored stored : pages) {
                boolean isDropped = random.nextInt(10) == 0;
                boolean underSep = stored.underSep() ^ (random.nextInt(5) == 0);
                Stored added = swaps && random.nextInt(10) == 0 ? pages.get(random.nextInt(pages.size())) : stored;
                if (!isDropped) {
                    builder.addPage(added.page(), added.big(), underSep);
                }
            }
        } catch (IllegalArgumentException refused) {
            return;
        }
        RadixTree tree;
        try {
            tree = builder.build();
        } catch (IllegalArgumentException refused) {
            return;
        }

        tree.check();
        assertReadable(tree);
    }

    @Test
    void entriesAndPagesMustRise() {
        TreeBuilder builder = RadixTree.builder();
        add(builder, "b", "", 1, RadixTree.NEVER);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> add(builder, "b", "", 2, RadixTree.NEVER))
                .withMessageContaining("keys must rise");
        Stored first = somePages(1).get(0);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RadixTree.builder()
                        .addPage(first.page(), first.big(), false)
                        .addPage(first.page(), first.big(), false))
                .withMessageContaining("keys must rise");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RadixTree.builder().addPage(first.page(), first.big(), true))
                .withMessageContaining("first page");
    }

    @Test
    void aBuilderBuildsOnce() {
        TreeBuilder builder = RadixTree.builder();
        builder.build();

        assertThatIllegalStateException().isThrownBy(builder::build).withMessageContaining("new builder");
    }

    @Test
    void aDamagedTreeDoesNotPassItsCheck() {
        byte[] page = somePages(3).get(0).page().clone();
        RadixTree tree = RadixTree.builder().addPage(page, null, false).build();
        page[Page.fingerprintsAt(page)]++;

        assertThatIllegalStateException().isThrownBy(tree::check).withMessageContaining("fingerprint of key 0");
    }

    private static Stored randomPage(NastyKeys keys, Random random) {
        TreeEditor editor = RadixTree.empty().edit();
        for (int i = 0; i < 1 + random.nextInt(20); i++) {
            byte[] value = random.nextInt(3) == 0 ? NastyKeys.value(random) : new byte[8];
            editor.put(keys.next(random), value, 0, value.length, random.nextInt(1 << 30), NastyKeys.deadline(random));
        }
        List<Stored> pages = pages(editor.freeze());
        return pages.get(random.nextInt(pages.size()));
    }

    private static List<Stored> somePages(int entries) {
        TreeBuilder builder = RadixTree.builder();
        for (int i = 0; i < entries; i++) {
            add(builder, "key-" + i, "value", i, RadixTree.NEVER);
        }
        return pages(builder.build());
    }

    private static List<Stored> pages(RadixTree tree) {
        List<Stored> pages = new ArrayList<>();
        tree.pages((page, big, underSep) -> pages.add(new Stored(page, big, underSep)));
        return pages;
    }

    private static void add(TreeBuilder builder, String key, String value, long version, long deadline) {
        byte[] bytes = value.getBytes(StandardCharsets.US_ASCII);
        builder.add(key.getBytes(StandardCharsets.US_ASCII), bytes, 0, bytes.length, version, deadline);
    }

    private static byte[] with(byte[] page, int at, int value) {
        byte[] copy = page.clone();
        copy[at] = (byte) value;
        return copy;
    }

    private static String fingerprint(String key) {
        byte[] bytes = key.getBytes(StandardCharsets.US_ASCII);
        return HexFormat.of().toHexDigits(Words.fingerprint(bytes, 0, bytes.length));
    }

    private static String hex(byte[] page) {
        return HexFormat.of().formatHex(page);
    }
}
