// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.api.Capability;
import io.github.kvist.api.Entry;
import io.github.kvist.api.Index;
import io.github.kvist.api.KeyCodec;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.Page;
import io.github.kvist.api.Pair;
import io.github.kvist.api.ReadTransaction;
import io.github.kvist.api.Savepoint;
import io.github.kvist.api.Scan;
import io.github.kvist.api.Table;
import io.github.kvist.api.TableReader;
import io.github.kvist.api.WriteTransaction;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Each form of a range with its ends at, before and behind each key: what it holds is what a search through all keys finds. */
@Needs(Capability.ORDERED_SCAN)
abstract class BoundariesContract extends StoreContract {

    private static final byte[] FF = {-1};

    /** Keys that are there, and ends that are not. */
    private record Sample<K>(KeyCodec<K> codec, List<K> keys, List<K> strangers) {
        List<K> ends() {
            List<K> ends = new ArrayList<>(keys);
            ends.addAll(strangers);
            return ends;
        }

        List<K> sorted() {
            List<K> sorted = new ArrayList<>(keys);
            sorted.sort(codec.order());
            return sorted;
        }
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static final Sample<byte[]> BYTES = new Sample<>(
            Keys.bytes(),
            List.of(
                    bytes(),
                    bytes(0),
                    bytes(0, 0),
                    bytes(0, 255),
                    bytes(1),
                    bytes(127),
                    bytes(127, 255),
                    bytes(128),
                    bytes(255),
                    bytes(255, 0),
                    bytes(255, 255),
                    bytes(255, 255, 255)),
            List.of(bytes(0, 0, 0), bytes(2), bytes(254, 255), bytes(255, 254)));
    private static final Sample<String> STRINGS = new Sample<>(
            Keys.string(),
            List.of(
                    "",
                    "\0",
                    "a",
                    "a\0",
                    "a/b",
                    "ab",
                    "b",
                    "\u007f",
                    "\u0080",
                    "\u07ff\u0800",
                    "\uffff",
                    "\ud83d\ude00"),
            List.of("a\0\0", "aa", "c", "\u00ff", "\ud83d\ude00\0"));
    private static final Sample<Long> LONGS = new Sample<>(
            Keys.int64(),
            List.of(Long.MIN_VALUE, -256L, -1L, 0L, 1L, 255L, 256L, Long.MAX_VALUE),
            List.of(Long.MIN_VALUE + 1, -2L, 2L, Long.MAX_VALUE - 1));
    private static final Sample<UUID> UUIDS = new Sample<>(
            Keys.uuid(),
            List.of(new UUID(0, 0), new UUID(0, -1), new UUID(1, 0), new UUID(-1, 0), new UUID(-1, -1)),
            List.of(new UUID(0, 7), new UUID(Long.MIN_VALUE, 0)));
    private static final Sample<Pair<String, Integer>> PAIRS = new Sample<>(
            Keys.tuple(Keys.string(), Keys.int32()),
            List.of(
                    new Pair<>("", -1),
                    new Pair<>("", 0),
                    new Pair<>("\0", 0),
                    new Pair<>("a", -1),
                    new Pair<>("a", 1),
                    new Pair<>("a\0", 0),
                    new Pair<>("ab", 0)),
            List.of(new Pair<>("a", 0), new Pair<>("b", Integer.MIN_VALUE)));

    @Test
    void ofBytes() {
        requireAll(BYTES);
        for (byte[] prefix : BYTES.ends()) {
            requireAlike(BYTES, KeyRange.prefix(prefix), key -> startsWith(key, prefix));
        }
        requireAlike(BYTES, KeyRange.prefix(FF), key -> startsWith(key, FF));
    }

    private static boolean startsWith(byte[] key, byte[] prefix) {
        return key.length >= prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }

    @Test
    void ofStrings() {
        requireAll(STRINGS);
        for (String prefix : STRINGS.ends()) {
            requireAlike(STRINGS, KeyRange.prefix(prefix), key -> key.startsWith(prefix));
        }
    }

    @Test
    void ofNumbers() {
        requireAll(LONGS);
    }

    @Test
    void ofIdentifiers() {
        requireAll(UUIDS);
    }

    @Test
    void ofPairs() {
        requireAll(PAIRS);
        for (String first : List.of("", "\0", "a", "a\0", "b")) {
            requireAlike(
                    PAIRS,
                    Keys.tuple(Keys.string(), Keys.int32()).startingWith(first),
                    key -> key.first().equals(first));
        }
    }

    private static <K> Table<K, byte[]> table(Sample<K> sample) {
        return Table.of("keys " + sample.codec.id(), sample.codec, Values.bytes());
    }

    private <K> void requireAll(Sample<K> sample) {
        store.update(tx -> sample.keys.forEach(key -> tx.in(table(sample)).put(key, sample.codec.encode(key))));
        store.read(tx -> {
            forms(sample.codec.order(), sample.ends())
                    .forEach((range, inside) -> requireAlike(tx, sample, range, inside));
            return true;
        });
        requireDeletes(sample);
    }

    /** Each form of a range between each two ends, and which keys it holds. */
    private static <K> Map<KeyRange<K>, Predicate<K>> forms(Comparator<K> order, List<K> ends) {
        Map<KeyRange<K>, Predicate<K>> forms = new LinkedHashMap<>();
        forms.put(KeyRange.all(), key -> true);
        for (K end : ends) {
            forms.put(KeyRange.exactly(end), key -> order.compare(key, end) == 0);
            forms.put(KeyRange.atLeast(end), key -> order.compare(key, end) >= 0);
            forms.put(KeyRange.greaterThan(end), key -> order.compare(key, end) > 0);
            forms.put(KeyRange.atMost(end), key -> order.compare(key, end) <= 0);
            forms.put(KeyRange.lessThan(end), key -> order.compare(key, end) < 0);
            for (K last : ends) {
                if (order.compare(end, last) <= 0) {
                    Predicate<K> atLeast = key -> order.compare(key, end) >= 0;
                    Predicate<K> below = key -> order.compare(key, last) < 0;
                    forms.put(KeyRange.closedOpen(end, last), atLeast.and(below));
                    forms.put(KeyRange.closed(end, last), atLeast.and(key -> order.compare(key, last) <= 0));
                    forms.put(KeyRange.open(end, last), below.and(key -> order.compare(key, end) > 0));
                }
            }
        }
        return forms;
    }

    private <K> void requireAlike(Sample<K> sample, KeyRange<K> range, Predicate<K> inside) {
        store.read(tx -> {
            requireAlike(tx, sample, range, inside);
            return true;
        });
    }

    private static <K> void requireAlike(ReadTransaction tx, Sample<K> sample, KeyRange<K> range, Predicate<K> inside) {
        TableReader<K, byte[]> reader = tx.in(table(sample));
        List<K> expected = sample.sorted().stream().filter(inside).toList();
        List<K> backwards = new ArrayList<>(expected);
        Collections.reverse(backwards);

        requireKeys(sample, reader.scan(range).keys(), expected);
        requireKeys(sample, reader.scan(range).reverse().keys(), backwards);
        assertThat(reader.count(range)).isEqualTo(expected.size());
        requireKeys(
                sample,
                reader.scan(range).limit(1).keys(),
                expected.stream().limit(1).toList());
        requireKeys(sample, pages(reader.scan(range)), expected);
    }

    private static <K> void requireKeys(Sample<K> sample, List<K> keys, List<K> expected) {
        // By their bytes: arrays are not equal to one another.
        assertThat(keys.stream().map(sample.codec::encode).toList())
                .usingElementComparator(Arrays::compare)
                .isEqualTo(expected.stream().map(sample.codec::encode).toList());
    }

    private static <K> List<K> pages(Scan<K, ?> scan) {
        List<K> keys = new ArrayList<>();
        Page<K, ?> page = scan.page(4);
        page.entries().stream().map(Entry::key).forEach(keys::add);
        while (page.next().isPresent()) {
            page = scan.after(page.next().orElseThrow()).page(4);
            page.entries().stream().map(Entry::key).forEach(keys::add);
        }
        return keys;
    }

    /** Inside one transaction, which is rolled back: a deleted range holds what a scanned one does. */
    private <K> void requireDeletes(Sample<K> sample) {
        if (!can(Capability.SAVEPOINTS)) {
            return;
        }
        try (WriteTransaction tx = store.begin()) {
            Savepoint all = tx.savepoint();
            forms(sample.codec.order(), sample.keys.subList(0, 4)).forEach((range, inside) -> {
                long expected = sample.keys.stream().filter(inside).count();
                assertThat(tx.in(table(sample)).deleteRange(range)).isEqualTo(expected);
                assertThat(tx.in(table(sample)).count()).isEqualTo(sample.keys.size() - expected);
                tx.rollbackTo(all);
            });
        }
    }

    @Test
    void ofIndexKeys() {
        Index<String, String> byText = Index.of("by_text", Keys.string(), text -> text);
        Table<Long, String> texts =
                Table.of("texts", Keys.int64(), Values.string()).with(byText);
        store.update(tx -> {
            for (String text : STRINGS.keys) {
                tx.in(texts).put((long) STRINGS.keys.indexOf(text), text);
                tx.in(texts).put(-1L - STRINGS.keys.indexOf(text), text);
            }
        });

        store.read(tx -> {
            forms(STRINGS.codec.order(), STRINGS.ends()).forEach((range, inside) -> {
                List<String> expected = STRINGS.sorted().stream()
                        .filter(inside)
                        .flatMap(text -> List.of(text, text).stream())
                        .toList();
                assertThat(tx.in(texts).by(byText).scan(range).values()).isEqualTo(expected);
                assertThat(tx.in(texts).by(byText).count(range)).isEqualTo(expected.size());
            });
            return true;
        });
    }
}
