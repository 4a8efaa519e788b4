// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.histories;

import io.github.kvist.api.Codec;
import io.github.kvist.api.Entry;
import io.github.kvist.api.Index;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.ReadTransaction;
import io.github.kvist.api.Table;
import io.github.kvist.api.TableWriter;
import io.github.kvist.api.WriteTransaction;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import io.github.kvist.testkit.Anomaly.Kind;
import io.github.kvist.testkit.History.Step;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * Gives houses to owners by a unique index. Houses are claimed without looking, and handed over by one transaction that moves their owner out;
 * no house that had an owner is ever without one, so that who followed whom is known.
 */
final class Owners implements Workload {

    private static final int PEOPLE = 16;

    /** Whoever owns no house lives in a tent of his own. */
    private record Person(String house, int element) {
        static final Codec<Person> CODEC = Values.of("owner", Person::encode, Person::decode);

        private byte[] encode() {
            byte[] text = house.getBytes(StandardCharsets.UTF_8);
            return ByteBuffer.allocate(Integer.BYTES + text.length)
                    .putInt(element)
                    .put(text)
                    .array();
        }

        private static Person decode(byte[] bytes) {
            int element = ByteBuffer.wrap(bytes).getInt();
            return new Person(
                    new String(bytes, Integer.BYTES, bytes.length - Integer.BYTES, StandardCharsets.UTF_8), element);
        }

        boolean livesInTent() {
            return house.startsWith("tent");
        }
    }

    private static final Index<Person, String> BY_HOUSE = Index.unique("by_house", Keys.string(), Person::house);
    private static final Table<String, Person> TABLE =
            Table.of("people", Keys.string(), Person.CODEC).with(BY_HOUSE);

    /** The newest house, for which all run. */
    private final AtomicInteger newest = new AtomicInteger();

    private static String house(int number) {
        return "house" + number;
    }

    @Override
    public void prepare(Recorder recorder) {
        recorder.single((store, notes) -> store.update(tx -> {
            notes.restart();
            for (int i = 0; i < PEOPLE; i++) {
                String person = "p" + i;
                int element = recorder.fresh();
                tx.in(TABLE).put(person, new Person("tent of " + person, element));
                notes.replaced(person, Step.NOTHING, element);
            }
        }));
    }

    @Override
    public void step(Recorder recorder, Random random) {
        String person = "p" + random.nextInt(PEOPLE);
        switch (random.nextInt(4)) {
            case 0 -> recorder.read(random, (tx, notes) -> readAll(recorder, tx, notes));
            case 1 -> {
                int house = random.nextBoolean() ? newest.get() : random.nextInt(newest.get() + 1);
                recorder.write(random, (tx, notes) -> claim(recorder, tx, notes, person, house));
            }
            default -> {
                String house = house(random.nextInt(newest.get() + 1));
                recorder.write(random, (tx, notes) -> take(recorder, tx, notes, person, house));
            }
        }
    }

    private static Person read(ReadTransaction tx, Notes notes, String person) {
        Person found = tx.in(TABLE).get(person).orElseThrow();
        notes.saw(person, found.element());
        return found;
    }

    /** Moves into a house without looking: that it has no owner the store must know. */
    private void claim(Recorder recorder, WriteTransaction tx, Notes notes, String person, int house) {
        Person before = read(tx, notes, person);
        if (before.livesInTent()) {
            move(recorder, tx, notes, person, before.element(), house(house), Step.NOTHING);
            if (house < PEOPLE - 2) {
                newest.compareAndSet(house, house + 1);
            }
        }
    }

    private static void move(
            Recorder recorder,
            WriteTransaction tx,
            Notes notes,
            String person,
            int over,
            String house,
            int elementOfHouse) {
        int element = recorder.fresh();
        Person moved = new Person(house, element);
        tx.in(TABLE).put(person, moved);
        notes.replaced(person, over, element);
        if (!moved.livesInTent()) {
            notes.replaced(house, elementOfHouse, element);
        }
    }

    /** Moves into a house; who lived there moves to where the new owner came from, or into a tent. */
    private static void take(Recorder recorder, WriteTransaction tx, Notes notes, String person, String house) {
        TableWriter<String, Person> table = tx.in(TABLE);
        List<Entry<String, Person>> owners = table.by(BY_HOUSE).eq(house).toList();
        if (owners.size() > 1) {
            recorder.found(Kind.TWO_OWNERS, "%s has %s".formatted(house, owners));
        }
        if (owners.isEmpty()) {
            notes.saw(house, Step.NOTHING);
            return;
        }
        Entry<String, Person> owner = owners.get(0);
        int lived = owner.value().element();
        notes.saw(house, lived);
        if (!owner.key().equals(person)) {
            Person before = read(tx, notes, person);
            table.delete(person);
            String rest = before.livesInTent() ? "tent of " + owner.key() : before.house();
            move(recorder, tx, notes, owner.key(), lived, rest, before.element());
            move(recorder, tx, notes, person, before.element(), house, lived);
        }
    }

    @Override
    public void readAll(Recorder recorder, ReadTransaction tx, Notes notes) {
        Map<String, String> owners = new TreeMap<>();
        for (Entry<String, Person> person : tx.in(TABLE).scan()) {
            Person found = person.value();
            notes.saw(person.key(), found.element());
            if (!found.livesInTent()) {
                notes.saw(found.house(), found.element());
            }
            String other = owners.put(found.house(), person.key());
            if (other != null) {
                recorder.found(Kind.TWO_OWNERS, "%s has %s and %s".formatted(found.house(), other, person.key()));
            }
        }
        Map<String, String> indexed = tx.in(TABLE).by(BY_HOUSE).scan(KeyRange.all()).stream()
                .collect(Collectors.toMap(
                        entry -> entry.value().house(), Entry::key, (one, two) -> one + " and " + two, TreeMap::new));
        if (!indexed.equals(owners)) {
            recorder.found(Kind.BROKEN_INVARIANT, "the index shows %s, the records %s".formatted(indexed, owners));
        }
    }
}
