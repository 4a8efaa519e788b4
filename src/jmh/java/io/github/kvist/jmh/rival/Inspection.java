// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.jmh.rival;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Compares a fresh store with a {@code TreeMap}, before any store of its kind is timed: an adapter that loses or disorders
 * entries, skips bytes or overlooks a commit must not look fast.
 */
public final class Inspection {
    private static final int KEYS = 1_500;
    private static final int KEY_BYTES_MAX = 40;
    private static final int VALUE_BYTES_MAX = 200;
    private static final byte[] NASTY = {0, 1, 'a', 0x7f, (byte) 0x80, (byte) 0xff};

    private final Rival rival;
    private final Home home;
    private final Contender store;
    private final Random random = new Random(42);
    private final NavigableMap<byte[], byte[]> model = new TreeMap<>(Arrays::compareUnsigned);

    private Inspection(Rival rival, Home home, Contender store) {
        this.rival = rival;
        this.home = home;
        this.store = store;
    }

    /**
     * Fills {@code store}, which must be empty, and checks every operation that it has.
     *
     * @throws IllegalStateException naming the first answer that is wrong
     */
    public static void check(Rival rival, Home home, Contender store) throws Exception {
        new Inspection(rival, home, store).run();
    }

    private void run() throws Exception {
        List<byte[]> keys = new ArrayList<>();
        while (model.size() < KEYS) {
            byte[] key = key();
            if (model.putIfAbsent(key, value()) == null) {
                keys.add(key);
            }
        }
        Collections.shuffle(keys, random);
        List<byte[]> loaded = keys.subList(0, KEYS / 2);
        List<byte[]> put = keys.subList(KEYS / 2, KEYS);

        store.load(entries(loaded));
        for (byte[] key : put.subList(0, home == Home.SYNCED ? 20 : put.size())) {
            store.put(key.clone(), model.get(key).clone());
        }
        model.keySet().removeAll(home == Home.SYNCED ? put.subList(20, put.size()) : List.of());
        store.settle();
        compare();

        for (byte[] key : loaded.subList(0, 10)) {
            model.put(key, value());
            store.put(key.clone(), model.get(key).clone());
        }
        for (byte[] key : loaded.subList(10, 20)) {
            model.put(key, value());
            expect(
                    "compareAndSet",
                    store.compareAndSet(key.clone(), model.get(key).clone()) ? 1 : 0,
                    1);
        }
        expect("compareAndSet of an absent key", store.compareAndSet(absent(), value()) ? 1 : 0, 0);
        compare();

        if (rival.hasViews()) {
            view(loaded.get(30));
        }
    }

    private void compare() throws Exception {
        for (Map.Entry<byte[], byte[]> entry : model.entrySet()) {
            expect("get", store.get(entry.getKey().clone()), Digest.of(entry.getValue()));
        }
        for (int i = 0; i < 100; i++) {
            expect("get of an absent key", store.get(absent()), Contender.ABSENT);
        }
        if (rival.isOrdered()) {
            scans();
        }
    }

    private void scans() throws Exception {
        for (Part part : Part.values()) {
            expect("iteration", store.scan(null, Integer.MAX_VALUE, part), scan(null, Integer.MAX_VALUE, part));
            for (int i = 0; i < 100; i++) {
                byte[] from = i % 2 == 0 ? absent() : model.floorKey(absent());
                byte[] start = from == null ? absent() : from;
                int limit = 1 + random.nextInt(50);
                expect("scan", store.scan(start.clone(), limit, part), scan(start, limit, part));
            }
        }
    }

    private long scan(byte @Nullable [] from, int limit, Part part) {
        long sum = 0;
        int left = limit;
        for (Map.Entry<byte[], byte[]> entry : (from == null ? model : model.tailMap(from, true)).entrySet()) {
            if (left-- == 0) {
                break;
            }
            if (part == Part.KEYS_AND_VALUES) {
                sum = Digest.and(sum, Digest.of(entry.getKey()));
            }
            sum = Digest.and(sum, Digest.of(entry.getValue()));
        }
        return sum;
    }

    private void view(byte[] key) throws Exception {
        byte[] old = model.get(key);
        byte[] changed = value();
        try (View view = store.view()) {
            expect("get in a view", view.get(key.clone()), Digest.of(old));
            store.put(key.clone(), changed.clone());
            expect("get of the newest", store.get(key.clone()), Digest.of(changed));
            expect("get in an old view", view.get(key.clone()), Digest.of(old));
        }
        try (View view = store.view()) {
            expect("get in a new view", view.get(key.clone()), Digest.of(changed));
        }
    }

    private void expect(String what, long actual, long expected) {
        if (actual != expected) {
            throw new IllegalStateException(
                    "%s with %s: %s gave %x instead of %x.".formatted(rival, home, what, actual, expected));
        }
    }

    private byte[] key() {
        byte[] key = new byte[1 + random.nextInt(random.nextBoolean() ? 4 : KEY_BYTES_MAX)];
        for (int i = 0; i < key.length; i++) {
            key[i] = NASTY[random.nextInt(NASTY.length)];
        }
        return key;
    }

    private byte[] absent() {
        byte[] key = key();
        while (model.containsKey(key)) {
            key = key();
        }
        return key;
    }

    private byte[] value() {
        byte[] value = new byte[1 + random.nextInt(VALUE_BYTES_MAX)];
        random.nextBytes(value);
        return value;
    }

    private Entries entries(List<byte[]> keys) {
        return new Entries() {
            @Override
            public int size() {
                return keys.size();
            }

            @Override
            public byte[] key(int position) {
                return keys.get(position).clone();
            }

            @Override
            public byte[] value(int position) {
                return model.get(keys.get(position)).clone();
            }
        };
    }
}
