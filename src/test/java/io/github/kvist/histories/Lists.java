// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.histories;

import io.github.kvist.api.Codec;
import io.github.kvist.api.ReadTransaction;
import io.github.kvist.api.Table;
import io.github.kvist.api.WriteTransaction;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** Reads lists and appends to them, several in one transaction. A list that has become long is left alone and another one begun. */
final class Lists implements Workload {

    private static final int SLOTS = 4;
    private static final int LONG = 32;
    private static final Codec<List<Integer>> NUMBERS = Values.of("numbers", Lists::encode, Lists::decode);
    private static final Table<String, List<Integer>> TABLE = Table.of("lists", Keys.string(), NUMBERS);

    private final List<AtomicInteger> generations = new ArrayList<>();

    Lists() {
        for (int i = 0; i < SLOTS; i++) {
            generations.add(new AtomicInteger());
        }
    }

    private static byte[] encode(List<Integer> numbers) {
        ByteBuffer target = ByteBuffer.allocate(Integer.BYTES * numbers.size());
        numbers.forEach(target::putInt);
        return target.array();
    }

    private static List<Integer> decode(byte[] bytes) {
        ByteBuffer source = ByteBuffer.wrap(bytes);
        List<Integer> numbers = new ArrayList<>();
        while (source.hasRemaining()) {
            numbers.add(source.getInt());
        }
        return numbers;
    }

    private static String key(int slot, int generation) {
        return "list" + slot + "/" + generation;
    }

    @Override
    public void step(Recorder recorder, Random random) {
        if (random.nextInt(4) == 0) {
            recorder.read(random, (tx, notes) -> {
                for (int slot = 0; slot < SLOTS; slot++) {
                    read(tx, notes, slot);
                }
            });
        } else {
            long seed = random.nextLong();
            recorder.write(random, (tx, notes) -> write(recorder, tx, notes, new Random(seed)));
        }
    }

    private void write(Recorder recorder, WriteTransaction tx, Notes notes, Random random) {
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            int slot = random.nextInt(SLOTS);
            if (random.nextInt(3) == 0) {
                read(tx, notes, slot);
            } else {
                append(recorder, tx, notes, slot);
            }
        }
    }

    private List<Integer> read(ReadTransaction tx, Notes notes, int slot) {
        return read(tx, notes, slot, generations.get(slot).get());
    }

    private static List<Integer> read(ReadTransaction tx, Notes notes, int slot, int generation) {
        String key = key(slot, generation);
        List<Integer> list = tx.in(TABLE).get(key).orElse(List.of());
        notes.read(key, list);
        return list;
    }

    private void append(Recorder recorder, WriteTransaction tx, Notes notes, int slot) {
        int generation = generations.get(slot).get();
        List<Integer> list = new ArrayList<>(read(tx, notes, slot, generation));
        if (list.size() >= LONG) {
            generations.get(slot).compareAndSet(generation, generation + 1);
        }
        int element = recorder.fresh();
        list.add(element);
        tx.in(TABLE).put(key(slot, generation), list);
        notes.appended(key(slot, generation), element);
    }

    @Override
    public void readAll(Recorder recorder, ReadTransaction tx, Notes notes) {
        for (int slot = 0; slot < SLOTS; slot++) {
            for (int generation = 0; generation <= generations.get(slot).get(); generation++) {
                read(tx, notes, slot, generation);
            }
        }
    }
}
