// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.jmh;

import io.github.kvist.jmh.rival.Contender;
import io.github.kvist.jmh.rival.Home;
import io.github.kvist.jmh.rival.Inspection;
import io.github.kvist.jmh.rival.Part;
import io.github.kvist.jmh.rival.Rival;
import java.nio.file.Path;

/** A store set up for one trial: its kind inspected, opened in a fresh directory, filled if asked for. */
final class Stand implements AutoCloseable {
    private static final int EXERCISE_ENTRIES = 20_000;
    private static final int EXERCISE_VALUE_BYTES = 64;
    private static final int EXERCISE_GETS = 100_000;
    private static final int EXERCISE_SCAN = 50;

    private final Contender store;
    private final Path directory;

    private Stand(Contender store, Path directory) {
        this.store = store;
        this.directory = directory;
    }

    static Stand empty(Rival rival, Home home) throws Exception {
        if (rival != Rival.BARE_LOG) {
            for (Rival relative : rival.kin()) {
                inspect(relative, home);
            }
            for (Rival relative : rival.kin()) {
                exercise(relative);
            }
        }
        Path directory = Scratch.directory(home);
        return new Stand(rival.open(home, directory), directory);
    }

    static Stand loaded(Rival rival, Home home, DataSet data, Age age) throws Exception {
        Stand stand = empty(rival, home);
        stand.store.load(data.entries(false));
        if (age == Age.AGED) {
            Probes.Walk keys = data.hits().walk();
            for (int i = 0; i < data.size(); i++) {
                stand.store.put(keys.next(), data.value(i));
            }
        }
        stand.store.settle();
        System.gc();
        return stand;
    }

    private static void inspect(Rival rival, Home home) throws Exception {
        Path directory = Scratch.directory(home);
        try (Contender store = rival.open(home, directory)) {
            Inspection.check(rival, home, store);
        }
        Scratch.delete(directory);
    }

    /** Enough calls for the compiler to have seen this store, whichever is measured afterwards. */
    private static void exercise(Rival rival) throws Exception {
        DataSet data = new DataSet(KeySet.RANDOM, EXERCISE_ENTRIES, EXERCISE_VALUE_BYTES);
        Path directory = Scratch.directory(Home.MEMORY);
        try (Contender store = rival.open(Home.MEMORY, directory)) {
            Probes.Walk keys = data.hits().walk();
            for (int i = 0; i < EXERCISE_ENTRIES; i++) {
                store.put(keys.next(), data.value(i));
            }
            for (int i = 0; i < EXERCISE_GETS; i++) {
                store.get(keys.next());
            }
            for (int i = 0; i < EXERCISE_ENTRIES && rival.isOrdered(); i += EXERCISE_SCAN) {
                store.scan(keys.next(), EXERCISE_SCAN, Part.KEYS_AND_VALUES);
            }
        }
        Scratch.delete(directory);
    }

    Contender store() {
        return store;
    }

    Path directory() {
        return directory;
    }

    @Override
    public void close() throws Exception {
        store.close();
    }
}
