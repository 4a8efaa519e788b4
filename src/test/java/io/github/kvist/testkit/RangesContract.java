// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.Capability;
import io.github.kvist.api.Codec;
import io.github.kvist.api.Cursor;
import io.github.kvist.api.Entry;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.Scan;
import io.github.kvist.api.Table;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Scans: order, bounds, direction, limits, cursors. */
@Needs(Capability.ORDERED_SCAN)
abstract class RangesContract extends StoreContract {

    private static final List<String> KEYS =
            List.of("", "\0", "\0\0", "a", "a\0", "aa", "ab", "b", "\uFFFF", "\uD83D\uDE00");

    private void putKeys() {
        store.update(tx -> KEYS.forEach(key -> tx.in(WORDS).put(key, key + "!")));
    }

    @Test
    void scanIsInOrderOfTheKeys() {
        putKeys();

        assertThat(store.in(WORDS).scan().keys()).containsExactlyElementsOf(KEYS);
        assertThat(store.in(WORDS).scan().reverse().keys()).containsExactlyElementsOf(reversed(KEYS));
    }

    @Test
    void everyRangeHoldsExactlyItsKeys() {
        putKeys();
        List<String> ends = new ArrayList<>(KEYS);
        ends.addAll(List.of("a\0\0", "aaa", "c", "\u0001"));

        for (String end : ends) {
            requireRange(KeyRange.exactly(end), key -> order(key, end) == 0);
            requireRange(KeyRange.atLeast(end), key -> order(key, end) >= 0);
            requireRange(KeyRange.greaterThan(end), key -> order(key, end) > 0);
            requireRange(KeyRange.atMost(end), key -> order(key, end) <= 0);
            requireRange(KeyRange.lessThan(end), key -> order(key, end) < 0);
            requireRange(KeyRange.prefix(end), key -> key.startsWith(end));
            for (String other : ends) {
                if (order(end, other) <= 0) {
                    requireRange(KeyRange.closed(end, other), key -> order(key, end) >= 0 && order(key, other) <= 0);
                    requireRange(KeyRange.closedOpen(end, other), key -> order(key, end) >= 0 && order(key, other) < 0);
                    requireRange(KeyRange.open(end, other), key -> order(key, end) > 0 && order(key, other) < 0);
                }
            }
        }
        requireRange(KeyRange.all(), key -> true);
    }

    private static int order(String a, String b) {
        return Keys.string().order().compare(a, b);
    }

    private void requireRange(KeyRange<String> range, Predicate<String> inside) {
        List<String> expected = KEYS.stream().filter(inside).toList();
        assertThat(store.in(WORDS).scan(range).keys()).isEqualTo(expected);
        assertThat(store.in(WORDS).scan(range).reverse().keys()).isEqualTo(reversed(expected));
        assertThat(store.in(WORDS).count(range)).isEqualTo(expected.size());
    }

    private static <T> List<T> reversed(List<T> list) {
        List<T> reversed = new ArrayList<>(list);
        Collections.reverse(reversed);
        return reversed;
    }

    @Test
    void rangeThatIsUpsideDownIsRefusedWhenItIsUsed() {
        KeyRange<String> range = KeyRange.closed("b", "a");

        assertThatThrownBy(() -> store.in(WORDS).scan(range)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.in(WORDS).count(range)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.in(WORDS).deleteRange(range)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.in(PEOPLE).by(BY_CITY).scan(range)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.in(PEOPLE).by(BY_CITY).count(range))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void keysOfOneSizeHaveNoPrefixes() {
        assertThatThrownBy(() -> store.in(BLOBS).scan(KeyRange.prefix(1L)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("int64");
    }

    @Test
    void numbersAreInNumericOrder() {
        for (long key : List.of(5L, -1L, Long.MIN_VALUE, 0L, Long.MAX_VALUE)) {
            store.in(BLOBS).put(key, new byte[0]);
        }

        assertThat(store.in(BLOBS).scan().keys()).containsExactly(Long.MIN_VALUE, -1L, 0L, 5L, Long.MAX_VALUE);
        assertThat(store.in(BLOBS).scan(KeyRange.greaterThan(Long.MAX_VALUE)).keys())
                .isEmpty();
    }

    @Test
    void directionAndLimitComeInAnyOrder() {
        putKeys();
        Scan<String, String> scan = store.in(WORDS).scan();

        assertThat(scan.reverse().limit(2).keys())
                .isEqualTo(scan.limit(2).reverse().keys());
        assertThat(scan.reverse().reverse().limit(3).keys()).isEqualTo(KEYS.subList(0, 3));
        assertThat(scan.limit(5).limit(2).keys()).hasSize(2);
        assertThat(scan.limit(2).limit(5).keys()).hasSize(2);
        assertThat(scan.limit(0).toList()).isEmpty();
        assertThatThrownBy(() -> scan.limit(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void eachTerminalCallStartsAnew() {
        Scan<String, String> scan = store.in(WORDS).scan();
        assertThat(scan.keys()).isEmpty();

        store.in(WORDS).put("a", "1");

        assertThat(scan.keys()).containsExactly("a");
        assertThat(scan.values()).containsExactly("1");
        try (Stream<Entry<String, String>> stream = scan.stream()) {
            assertThat(stream.map(Entry::key)).containsExactly("a");
        }
    }

    @Test
    @Needs(Capability.SNAPSHOT_READS)
    void iterationShowsWhatWasThereWhenItBegan() {
        putKeys();
        List<String> seen = new ArrayList<>();

        for (Entry<String, String> entry : store.in(WORDS).scan()) {
            seen.add(entry.key());
            store.in(WORDS).delete(entry.key());
            store.in(WORDS).put(entry.key() + "x", "new");
        }

        assertThat(seen).isEqualTo(KEYS);
        assertThat(store.in(WORDS).count()).isEqualTo(KEYS.size());
    }

    @Test
    void iterationInATransactionShowsWhatWasThereWhenItBegan() {
        putKeys();

        List<String> seen = store.write(tx -> {
            tx.in(WORDS).put("own", "1");
            List<String> keys = new ArrayList<>();
            for (Entry<String, String> entry : tx.in(WORDS).scan()) {
                keys.add(entry.key());
                tx.in(WORDS).delete(entry.key());
                tx.in(WORDS).put("zz" + entry.key(), "new");
            }
            return keys;
        });

        assertThat(seen).hasSize(KEYS.size() + 1).contains("own");
        assertThat(store.in(WORDS).scan().keys())
                .allMatch(key -> key.startsWith("zz"))
                .hasSize(KEYS.size() + 1);
    }

    @Test
    void iteratorAtItsEndSaysSo() {
        store.in(WORDS).put("a", "1");
        Iterator<Entry<String, String>> iterator = store.in(WORDS).scan().iterator();

        iterator.next();

        assertThat(iterator.hasNext()).isFalse();
        assertThatThrownBy(iterator::next).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void cursorStandsOnNothingBeforeItsFirstAndAfterItsLastEntry() {
        store.in(WORDS).put("a", "1");
        try (Cursor<String, String> cursor = store.in(WORDS).scan().cursor()) {
            requireNoEntry(cursor);

            assertThat(cursor.advance()).isTrue();
            assertThat(cursor.key()).isEqualTo("a");
            assertThat(cursor.value()).isEqualTo("1");
            assertThat(cursor.expiresAt()).isNull();
            assertThat(cursor.version())
                    .isEqualTo(store.in(WORDS).entry("a").orElseThrow().version());

            assertThat(cursor.advance()).isFalse();
            requireNoEntry(cursor);
            assertThat(cursor.advance()).isFalse();
        }
    }

    private static void requireNoEntry(Cursor<?, ?> cursor) {
        for (Runnable call : List.<Runnable>of(cursor::key, cursor::value, cursor::version, cursor::expiresAt)) {
            assertThatThrownBy(call::run)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("advance");
        }
    }

    @Test
    void closedCursorSaysSo() {
        Cursor<String, String> cursor = store.in(WORDS).scan().cursor();
        cursor.close();
        cursor.close();

        assertThatThrownBy(cursor::advance)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void seekJumpsAheadAndNeverBackNorOut() {
        store.update(tx ->
                List.of("a", "b", "c", "d", "e").forEach(key -> tx.in(WORDS).put(key, key)));

        assertThat(walk(store.in(WORDS).scan(), "c")).containsExactly("c", "d", "e");
        assertThat(walk(store.in(WORDS).scan(), "bb")).containsExactly("c", "d", "e");
        assertThat(walk(store.in(WORDS).scan().reverse(), "c")).containsExactly("c", "b", "a");
        assertThat(walk(store.in(WORDS).scan().reverse(), "cc")).containsExactly("c", "b", "a");
        assertThat(walk(store.in(WORDS).scan(KeyRange.closed("b", "d")), "a")).containsExactly("b", "c", "d");
        assertThat(walk(store.in(WORDS).scan(KeyRange.closed("b", "d")), "z")).isEmpty();
        assertThat(walk(store.in(WORDS).scan(KeyRange.closed("b", "d")).reverse(), "z"))
                .containsExactly("d", "c", "b");
        assertThat(walk(store.in(WORDS).scan().limit(2), "c")).containsExactly("c", "d");
    }

    @Test
    void seekBehindTheCursorChangesNothing() {
        store.update(tx -> List.of("a", "b", "c").forEach(key -> tx.in(WORDS).put(key, key)));
        try (Cursor<String, String> cursor = store.in(WORDS).scan().cursor()) {
            cursor.advance();
            cursor.advance();
            cursor.seek("a");
            assertThat(cursor.advance()).isTrue();
            assertThat(cursor.key()).isEqualTo("c");
        }
    }

    private static List<String> walk(Scan<String, String> scan, String target) {
        List<String> keys = new ArrayList<>();
        try (Cursor<String, String> cursor = scan.cursor()) {
            cursor.seek(target);
            while (cursor.advance()) {
                keys.add(cursor.key());
            }
        }
        return keys;
    }

    @Test
    void cursorDecodesOnlyWhatIsAskedFor() {
        AtomicInteger decoded = new AtomicInteger();
        Codec<String> counting = Values.of("counted", String::getBytes, bytes -> {
            decoded.incrementAndGet();
            return new String(bytes);
        });
        Table<String, String> table = Table.of("counted", Keys.string(), counting);
        store.in(table).put("a", "1");
        store.in(table).put("b", "2");

        assertThat(store.in(table).scan().keys()).hasSize(2);
        assertThat(store.in(table).count()).isEqualTo(2);
        assertThat(store.in(table).contains("a")).isTrue();
        assertThat(decoded).hasValue(0);
        assertThat(store.in(table).scan().values()).hasSize(2);
        assertThat(decoded).hasValue(2);
    }
}
