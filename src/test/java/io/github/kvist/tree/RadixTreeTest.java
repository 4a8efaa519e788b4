// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RadixTreeTest {
    private static final byte[] EMPTY = {};

    @Test
    void anEmptyTreeHoldsNothing() {
        RadixTree tree = RadixTree.empty();

        tree.check();
        assertThat(tree.count()).isZero();
        assertThat(tree.bytes()).isZero();
        assertThat(tree.deadline()).isEqualTo(RadixTree.NEVER);
        assertThat(tree.get(EMPTY)).isNull();
        assertThat(tree.contains(key("a"))).isFalse();
        assertThat(tree.rank(key("a"))).isZero();
        assertThat(tree.due(EMPTY, null, 0)).isZero();
        assertThat(tree.forward(EMPTY, null).advance()).isFalse();
        assertThat(tree.backward(key("a"), key("b")).advance()).isFalse();
        assertThat(tree.delete(key("a"))).isSameAs(tree);
        assertThat(tree.edit().deleteRange(EMPTY, null)).isZero();
        tree.pages((page, big, underSep) -> assertThat(page).isNull());
        assertThat(RadixTree.builder().build().count()).isZero();
    }

    @Test
    void aKeyComesBeforeThoseItIsAPrefixOf() {
        List<String> order = List.of("", "\0", "\0\0", "a", "a\0", "a\0\0", "a\0b", "aa", "b");
        for (int seed = 0; seed < 50; seed++) {
            List<String> shuffled = new ArrayList<>(order);
            Collections.shuffle(shuffled, new Random(seed));
            TreeEditor editor = RadixTree.empty().edit();

            shuffled.forEach(name -> put(editor, name, name));

            assertThat(keys(editor.freeze().forward(EMPTY, null))).isEqualTo(order);
        }
    }

    /** Fingerprints hide such a mistake in all but one of 256 cases, so this looks for those. */
    @Test
    void aKeyThatDiffersInOneByteOnlyIsNotFoundThoughItsFingerprintIsTheSame() {
        for (int suffix = 0; suffix < 50; suffix++) {
            byte[] present = key("prefix/x" + suffix);
            RadixTree tree = RadixTree.empty()
                    .put(present, EMPTY, 0, 0, 1, RadixTree.NEVER)
                    .put(key("prefix/x" + suffix + "/more"), EMPTY, 0, 0, 2, RadixTree.NEVER);
            byte fingerprint = Words.fingerprint(present, 0, present.length);
            for (int i = 0; i < 256 * present.length; i++) {
                byte[] other = present.clone();
                other[i >> 8] = (byte) i;
                if (Words.fingerprint(other, 0, other.length) == fingerprint && !Arrays.equals(other, present)) {
                    assertThat(tree.get(other)).as(Arrays.toString(other)).isNull();
                }
            }
        }
    }

    @Test
    void replacingKeepsTheCountAndChangesValueVersionAndDeadline() {
        RadixTree first = RadixTree.empty().put(key("k"), key("old"), 0, 3, 1, 50);
        RadixTree second = first.put(key("k"), key("newer"), 0, 5, 2, RadixTree.NEVER);

        assertThat(second.count()).isEqualTo(1);
        assertThat(second.bytes()).isEqualTo(6);
        assertThat(second.deadline()).isEqualTo(RadixTree.NEVER);
        assertThat(entry(second, "k").value()).isEqualTo(key("newer"));
        assertThat(entry(second, "k").version()).isEqualTo(2);
        assertThat(entry(first, "k").value()).isEqualTo(key("old"));
        assertThat(entry(first, "k").deadline()).isEqualTo(50);
    }

    @Test
    void aSliceOfAnArrayIsStored() {
        RadixTree tree = RadixTree.empty().put(key("k"), key("abcdef"), 2, 3, 1, RadixTree.NEVER);

        assertThat(entry(tree, "k").value()).isEqualTo(key("cde"));
    }

    @Test
    void anArrayThatChangesAfterwardsChangesNothing() {
        for (int length : new int[] {8, 300}) {
            byte[] key = key("k");
            byte[] value = new byte[length];
            RadixTree tree = RadixTree.empty().put(key, value, 0, length, 1, RadixTree.NEVER);

            key[0] = 'x';
            Arrays.fill(value, (byte) 1);

            assertThat(entry(tree, "k").value()).containsOnly(0);
        }
    }

    @Test
    void keysBeyondTheLimitAreRefused() {
        byte[] longest = new byte[RadixTree.KEY_BYTES_MAX];
        byte[] tooLong = new byte[RadixTree.KEY_BYTES_MAX + 1];
        RadixTree tree = RadixTree.empty().put(longest, EMPTY, 0, 0, 1, RadixTree.NEVER);

        assertThat(tree.contains(longest)).isTrue();
        assertThat(tree.contains(tooLong)).isFalse();
        assertThat(tree.rank(tooLong)).isEqualTo(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tree.put(tooLong, EMPTY, 0, 0, 1, RadixTree.NEVER))
                .withMessageContaining("16385 bytes")
                .withMessageContaining("16384");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RadixTree.builder().add(tooLong, EMPTY, 0, 0, 1, RadixTree.NEVER));
        assertThatThrownBy(() -> tree.put(longest, EMPTY, 0, 1, 1, RadixTree.NEVER))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void chainsOfPrefixesStayShallow() {
        int n = 3000;
        for (boolean isGrowing : new boolean[] {true, false}) {
            TreeEditor editor = RadixTree.empty().edit();
            for (int i = 0; i < n; i++) {
                editor.put(chain(isGrowing ? i : n - 1 - i), EMPTY, 0, 0, i, RadixTree.NEVER);
            }
            RadixTree tree = editor.freeze();

            tree.check();
            assertThat(depth(tree.root)).isLessThanOrEqualTo(Relief.HEIGHT_MAX + 5);
            for (int i = 0; i < n; i++) {
                assertThat(tree.contains(chain(i))).isTrue();
                assertThat(tree.rank(chain(i))).isEqualTo(n - 1 - i);
            }
            RadixTree copy = copyOfPages(tree);
            copy.check();
            assertThat(depth(copy.root)).isLessThanOrEqualTo(Relief.HEIGHT_MAX + 5);
        }
    }

    @Test
    void aChainBuiltInOrderStaysShallow() {
        int n = 2000;
        TreeBuilder builder = RadixTree.builder();
        for (int i = n - 1; i >= 0; i--) {
            builder.add(chain(i), EMPTY, 0, 0, i, RadixTree.NEVER);
        }
        RadixTree tree = builder.build();

        tree.check();
        assertThat(tree.count()).isEqualTo(n);
        assertThat(depth(tree.root)).isLessThanOrEqualTo(Relief.HEIGHT_MAX + 5);
    }

    @Test
    void aChainCanBeTakenDownAgain() {
        int n = 2000;
        TreeEditor editor = RadixTree.empty().edit();
        for (int i = 0; i < n; i++) {
            editor.put(chain(i), EMPTY, 0, 0, i, 100 + i);
        }
        RadixTree full = editor.freeze();

        for (int i = 0; i < n; i++) {
            assertThat(editor.delete(chain((i * 7) % n))).isTrue();
        }

        assertThat(editor.count()).isZero();
        assertThat(full.due(EMPTY, null, 199)).isEqualTo(100);
        full.check();
    }

    @Test
    void boundsFollowTheDeadlinesThatAreLeft() {
        TreeEditor editor = RadixTree.empty().edit();
        for (int i = 0; i < 5000; i++) {
            editor.put(key("session/%05d".formatted(i)), key("v"), 0, 1, i, 1000 + i);
        }

        for (int i = 0; i < 2500; i++) {
            editor.delete(key("session/%05d".formatted(i)));
        }
        editor.put(key("session/02500"), key("v"), 0, 1, 9999, RadixTree.NEVER);

        RadixTree tree = editor.freeze();
        assertThat(tree.deadline()).isEqualTo(3501);
        assertThat(tree.due(EMPTY, null, 3500)).isZero();
        assertThat(tree.due(EMPTY, null, 3510)).isEqualTo(10);
        tree.check();
    }

    @Test
    void deletingWhatIsDueLeavesTheOtherEntriesAndTheTreeItStartedFrom() {
        TreeEditor editor = RadixTree.empty().edit();
        for (int i = 0; i < 1000; i++) {
            editor.put(key("session/%05d".formatted(i)), key("v"), 0, 1, i, i % 3 == 0 ? RadixTree.NEVER : 1000 + i);
        }
        RadixTree full = editor.freeze();
        for (int i = 1000; i < 1500; i++) {
            editor.put(key("session/%05d".formatted(i)), key("v"), 0, 1, i, 1000);
        }

        assertThat(editor.deleteDue(1000)).isEqualTo(500);
        TreeEditor swept = full.edit();
        long deleted = swept.deleteDue(1500);

        RadixTree rest = swept.freeze();
        rest.check();
        full.check();
        assertThat(deleted).isEqualTo(full.due(EMPTY, null, 1500)).isEqualTo(334);
        assertThat(editor.freeze().count()).isEqualTo(full.count()).isEqualTo(1000);
        assertThat(rest.count()).isEqualTo(666);
        assertThat(rest.deadline()).isEqualTo(1502);
        assertThat(rest.contains(key("session/00500"))).isFalse();
        assertThat(rest.contains(key("session/00501"))).isTrue();
        assertThat(rest.contains(key("session/00502"))).isTrue();
    }

    @Test
    void deletingWhatIsDueVisitsOnlyThePathsToIt() {
        int entries = 100_000;
        TreeEditor editor = RadixTree.empty().edit();
        for (int i = 0; i < entries; i++) {
            long deadline = i % 1000 == 7 ? 10 : 1000 + i;
            editor.put(key("session/%07d".formatted(i)), key("v"), 0, 1, i, deadline);
        }
        DueEntries due = new DueEntries(10);
        List<byte[]> found = new ArrayList<>();

        due.visit(editor.freeze().root, found::add);

        int due100 = entries / 1000;
        int depth = 8; // half bytes in which the keys differ: ten digits on seven levels and what is above them
        int fanOut = 17;
        assertThat(found).hasSize(due100);
        assertThat(due.visited()).isLessThan((long) due100 * depth * fanOut);
        DueEntries none = new DueEntries(9);
        none.visit(editor.freeze().root, found::add);
        assertThat(none.visited()).isEqualTo(1);
    }

    @Test
    void ascendingKeysFillTheirPages() {
        TreeEditor editor = RadixTree.empty().edit();
        for (int i = 0; i < 50_000; i++) {
            editor.put(key("log/%09d".formatted(i)), key("12345678"), 0, 8, i, RadixTree.NEVER);
        }

        int[] pages = new int[1];
        editor.freeze().pages((page, big, underSep) -> pages[0]++);

        assertThat(50_000.0 / pages[0]).isGreaterThan(15);
    }

    /** Entries of a byte or two, of which many more would go into the bytes of a page. */
    @Test
    void noPageTakesMoreEntriesThanItsFormatHasRoomFor() {
        RadixTree tree = RadixTree.empty();
        for (int i = 0; i < 256; i++) {
            tree = tree.put(new byte[] {(byte) (i * 37)}, EMPTY, 0, 0, 1, RadixTree.NEVER);
            tree.check();
        }

        assertThat(tree.count()).isEqualTo(256);
    }

    @Test
    void deletingLeavesNoSmallPagesBehind() {
        TreeEditor editor = RadixTree.empty().edit();
        for (int i = 0; i < 20_000; i++) {
            editor.put(key("k%09d".formatted(i)), EMPTY, 0, 0, i, RadixTree.NEVER);
        }
        for (int i = 0; i < 20_000; i++) {
            if (i % 50 != 0) {
                editor.delete(key("k%09d".formatted(i)));
            }
        }

        int[] pages = new int[1];
        RadixTree tree = editor.freeze();
        tree.pages((page, big, underSep) -> pages[0]++);

        tree.check();
        assertThat(tree.count()).isEqualTo(400);
        assertThat(400.0 / pages[0]).isGreaterThan(6);
    }

    @Test
    void anEditorReadsItsOwnWrites() {
        TreeEditor editor = RadixTree.empty().edit();

        editor.put(key("a"), key("1"), 0, 1, 1, RadixTree.NEVER);
        editor.put(key("a"), key("22"), 0, 2, 2, RadixTree.NEVER);
        assertThat(editor.contains(key("a"))).isTrue();
        assertThat(editor.bytes()).isEqualTo(3);
        assertThat(editor.delete(key("b"))).isFalse();
        assertThat(editor.delete(key("a"))).isTrue();
        assertThat(editor.count()).isZero();
    }

    @Test
    void aTreeThatIsTakenOverIsOverwrittenWhereItLiesUntilItIsFrozen() {
        TreeEditor editor = RadixTree.empty().edit();
        put(editor, "a", "1");
        put(editor, "b", "2");
        RadixTree tree = editor.freeze();

        TreeEditor alone = tree.take();
        put(alone, "a", "3");
        assertThat(entry(tree, "a").value()).isEqualTo(key("3"));

        RadixTree frozen = alone.freeze();
        put(alone, "a", "4");
        assertThat(entry(frozen, "a").value()).isEqualTo(key("3"));
    }

    @Test
    void aDiffStopsWhenItsVisitorWantsNoMore() {
        RadixTree before = RadixTree.empty();
        TreeEditor editor = before.edit();
        for (int i = 0; i < 1000; i++) {
            put(editor, "k" + i, "v");
        }
        List<byte[]> seen = new ArrayList<>();

        RadixTree.diff(before, editor.freeze(), EMPTY, null, (key, was, is) -> seen.add(key) && seen.size() < 3);

        assertThat(seen).hasSize(3);
    }

    @Test
    void aDiffReadsNothingOfWhatIsShared() {
        TreeEditor editor = RadixTree.empty().edit();
        for (int i = 0; i < 20_000; i++) {
            put(editor, "key/%06d".formatted(i), "v");
        }
        RadixTree before = editor.freeze();
        RadixTree after = before.put(key("key/005000"), key("w"), 0, 1, 7, RadixTree.NEVER);
        Set<Object> own = Collections.newSetFromMap(new IdentityHashMap<>());
        after.pages((page, big, underSep) -> own.add(page));
        // All but the number of entries becomes unreadable.
        before.pages((page, big, underSep) -> {
            if (own.contains(page)) {
                Arrays.fill(page, 2, page.length, (byte) -1);
            }
        });
        List<byte[]> seen = new ArrayList<>();

        RadixTree.diff(before, after, EMPTY, null, (key, was, is) -> seen.add(key));

        assertThat(seen).containsExactly(key("key/005000"));
    }

    @Test
    void aCursorTellsNothingWhileItIsOnNoEntry() {
        RadixTree tree = RadixTree.empty().put(key("a"), key("1"), 0, 1, 1, RadixTree.NEVER);
        TreeCursor cursor = tree.forward(EMPTY, null);

        assertThatIllegalStateException().isThrownBy(cursor::key).withMessageContaining("advance");
        assertThat(cursor.advance()).isTrue();
        assertThat(cursor.key()).isEqualTo(key("a"));
        assertThat(cursor.advance()).isFalse();
        assertThatIllegalStateException().isThrownBy(cursor::version);
        cursor.seek(key("a"));
        assertThat(cursor.advance()).isFalse();
    }

    @Test
    void aCursorCopiesItsKeyWhereItIsTold() {
        RadixTree tree = RadixTree.empty().put(key("abc"), EMPTY, 0, 0, 1, RadixTree.NEVER);
        TreeCursor cursor = tree.forward(EMPTY, null);
        byte[] target = new byte[5];

        assertThat(cursor.advance()).isTrue();
        assertThat(cursor.copyKey(target, 1)).isEqualTo(3);
        assertThat(target).containsExactly(0, 'a', 'b', 'c', 0);
    }

    static byte[] chain(int n) {
        byte[] key = new byte[n + 1];
        Arrays.fill(key, (byte) 'a');
        key[n] = 'b';
        return key;
    }

    static RadixTree copyOfPages(RadixTree tree) {
        TreeBuilder builder = RadixTree.builder();
        tree.pages((page, big, underSep) -> builder.addPage(page, big, underSep));
        return builder.build();
    }

    private static int depth(Object node) {
        if (BigPage.isLeaf(node)) {
            return 0;
        }
        int deepest = 0;
        for (Object kid : Node.kids(node)) {
            deepest = Math.max(deepest, depth(kid));
        }
        return deepest + 1;
    }

    private static TreeEntry entry(RadixTree tree, String key) {
        TreeEntry entry = tree.get(key(key));
        assertThat(entry).isNotNull();
        return entry;
    }

    private static byte[] key(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void put(TreeEditor editor, String key, String value) {
        editor.put(key(key), key(value), 0, value.length(), 1, RadixTree.NEVER);
    }

    private static List<String> keys(TreeCursor cursor) {
        List<String> keys = new ArrayList<>();
        while (cursor.advance()) {
            keys.add(new String(cursor.key(), StandardCharsets.UTF_8));
        }
        return keys;
    }
}
