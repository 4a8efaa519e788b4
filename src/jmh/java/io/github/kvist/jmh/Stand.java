// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.jmh;

import io.github.kvist.jmh.rival.Contender;
import io.github.kvist.jmh.rival.Home;
import io.github.kvist.jmh.rival.Inspection;
import io.github.kvist.jmh.rival.Rival;
import java.nio.file.Path;

/** A store set up for one trial: its kind inspected, opened in a fresh directory, filled if asked for. */
final class Stand implements AutoCloseable {
    private final Contender store;
    private final Path directory;

    private Stand(Contender store, Path directory) {
        this.store = store;
        this.directory = directory;
    }

    static Stand empty(Rival rival, Home home) throws Exception {
        inspect(rival, home);
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
        if (rival == Rival.BARE_LOG) {
            return;
        }
        Path directory = Scratch.directory(home);
        try (Contender store = rival.open(home, directory)) {
            Inspection.check(rival, home, store);
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
