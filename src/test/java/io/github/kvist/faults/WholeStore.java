// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.faults;

import io.github.kvist.Kvist;
import io.github.kvist.api.Entry;
import io.github.kvist.api.Index;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.ReadTransaction;
import io.github.kvist.api.Recovery;
import io.github.kvist.api.Table;
import io.github.kvist.backend.file.FileStorage;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import io.github.kvist.faults.Contents.Place;
import io.github.kvist.faults.Contents.Row;
import io.github.kvist.testkit.SimulatedDisk;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A store with two tables, on a disk that fails: its definitions, how it is opened, and how its contents are compared with what they
 * should be. The definition of {@code people} changes twice, as programs change: an index comes, one is revised, one goes.
 */
final class WholeStore {
    static final int DEFINITIONS = 3;

    private static final String PEOPLE = "people";
    private static final String SESSIONS = "sessions";

    private static final int FIRST_SEGMENT = 2048;
    private static final int LARGEST_SEGMENT = 4096;

    private static final Index<String, String> CITY = Index.of("city", Keys.string(), value -> part(value, 0));
    private static final Index<String, String> CITY_TURNED = Index.<String, String>of(
                    "city", Keys.string(), value -> turned(part(value, 0)))
            .revised(1);
    private static final Index<String, String> BADGE = Index.unique("badge", Keys.string(), value -> part(value, 1));
    private static final Index<String, String> WORDS =
            Index.multi("words", Keys.string(), value -> List.of(part(value, 0), part(value, 1)));
    private static final Index<String, String> USER = Index.of("user", Keys.string(), value -> part(value, 0));

    private static final Table<String, String> PLAIN = Table.of(PEOPLE, Keys.string(), Values.string());
    private static final List<Table<String, String>> PEOPLE_AS_DEFINED = List.of(
            PLAIN.with(CITY),
            PLAIN.with(CITY).with(BADGE),
            PLAIN.with(CITY_TURNED).with(WORDS));
    private static final Table<String, String> SESSIONS_TABLE =
            Table.of(SESSIONS, Keys.string(), Values.string()).with(USER);

    private WholeStore() {}

    /** A value of people; nobody else may have the badge. */
    static String value(String city, String badge, int length) {
        return city + "|" + badge + "|" + "x".repeat(length);
    }

    private static String part(String value, int number) {
        return value.split("\\|", -1)[number];
    }

    private static String turned(String text) {
        return new StringBuilder(text).reverse().toString();
    }

    static Table<String, String> people(int definition) {
        return PEOPLE_AS_DEFINED.get(definition);
    }

    static Table<String, String> sessions() {
        return SESSIONS_TABLE;
    }

    /** Segments are small and nothing is done in the background but sweeps, so that runs are alike. */
    static KvStore open(SimulatedDisk disk, InstantSource clock, Recovery recovery) {
        FileStorage storage = new FileStorage(disk, FIRST_SEGMENT, LARGEST_SEGMENT, Runnable::run);
        return Kvist.open(storage, Options.defaults().clock(clock).recovery(recovery));
    }

    static InstantSource clock(long millis) {
        return () -> Instant.ofEpochMilli(millis);
    }

    /** Makes sure that a store shows one of {@code allowed}, and says which. */
    static Contents requireContents(KvStore store, int definition, Collection<Contents> allowed, String where) {
        return store.<Contents>read(tx -> {
            SortedMap<Place, Row> rows = new TreeMap<>();
            read(tx, people(definition), rows);
            read(tx, sessions(), rows);
            Contents found = new Contents(rows);
            if (!allowed.contains(found)) {
                throw new AssertionError("%s: found %s, not one of %s".formatted(where, found, allowed));
            }
            return found;
        });
    }

    /** By what the extractors say here, not by the store's own check. An index that is missing is built by that. */
    static void requireIndexes(KvStore store, int definition, Contents contents, String where) {
        store.<Boolean>read(tx -> {
            requireIndexes(tx, people(definition), contents.of(PEOPLE), where);
            requireIndexes(tx, sessions(), contents.of(SESSIONS), where);
            return true;
        });
    }

    private static void read(ReadTransaction tx, Table<String, String> table, SortedMap<Place, Row> rows) {
        for (Entry<String, String> entry : tx.in(table).scan().toList()) {
            Instant expiresAt = entry.expiresAt();
            long deadline = expiresAt == null ? Row.NEVER : expiresAt.toEpochMilli();
            rows.put(new Place(table.name(), entry.key()), new Row(entry.value(), deadline));
        }
    }

    private static void requireIndexes(
            ReadTransaction tx, Table<String, String> table, SortedMap<String, Row> rows, String where) {
        for (Index<? super String, ?> index : table.indexes()) {
            requireEqual(keys(tx, table, index), keysBy(index, rows), index + " of " + table + ", " + where);
        }
    }

    private static <I> List<String> keys(
            ReadTransaction tx, Table<String, String> table, Index<? super String, I> index) {
        return tx.in(table).by(index).scan(KeyRange.all()).keys();
    }

    /** In the order of the index keys, which are strings, then of the keys. */
    private static List<String> keysBy(Index<? super String, ?> index, SortedMap<String, Row> rows) {
        List<Place> entries = new ArrayList<>();
        for (Map.Entry<String, Row> row : rows.entrySet()) {
            for (Object key : index.keysOf(row.getValue().value())) {
                entries.add(new Place((String) key, row.getKey()));
            }
        }
        return entries.stream().sorted().map(Place::key).toList();
    }

    static void requireSound(KvStore store, String where) {
        requireEqual(store.admin().verify().findings(), List.of(), where);
    }

    /** A message is made only when there is something to say. */
    static void requireEqual(Object found, Object expected, String where) {
        if (!found.equals(expected)) {
            throw new AssertionError("%s: found %s, expected %s".formatted(where, found, expected));
        }
    }
}
