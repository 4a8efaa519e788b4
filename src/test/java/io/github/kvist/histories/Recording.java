// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.histories;

import io.github.kvist.api.Durability;
import io.github.kvist.api.Isolation;
import io.github.kvist.api.KvStore;
import io.github.kvist.histories.Home.Ending;
import io.github.kvist.testkit.Anomaly;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * One history, drawn by its number: which workload, on which home, by how many threads, in how long parts and how each of them ends. What the
 * threads do is drawn too; how they meet is not, so that a history can be drawn again but need not come out the same.
 */
final class Recording {

    private final int transactions;
    private final Random random;
    private final int number;
    private final Workloads kind;
    private final Workload workload;
    private final Isolation isolation;
    private final Recorder recorder;
    private final Home home;
    private final int threads;
    private final int partLength;
    private final List<Ending> parts = new ArrayList<>();

    /** @param directory where stores may be put */
    Recording(int number, int transactions, Path directory) {
        this.number = number;
        this.transactions = transactions;
        this.random = new Random(number);
        this.kind = Workloads.values()[number % Workloads.values().length];
        this.workload = kind.workload();
        this.isolation =
                kind.holdsUnderSnapshots() && random.nextInt(4) == 0 ? Isolation.SNAPSHOT : Isolation.SERIALIZABLE;
        this.recorder = new Recorder(isolation);
        this.home = home(random.nextInt(7), directory.resolve("store" + number));
        this.threads = 2 + random.nextInt(4);
        this.partLength = transactions / (1 + random.nextInt(4));
    }

    private Home home(int any, Path directory) {
        return switch (any) {
            case 0 -> new Home.Memory(recorder.clock());
            case 2 -> new Home.Directory(directory, recorder.clock());
            case 1 -> new Home.Disk(Durability.OS, recorder.clock());
            default -> new Home.Disk(Durability.SYNC, recorder.clock());
        };
    }

    int parts() {
        return parts.size();
    }

    Recorder recorder() {
        return recorder;
    }

    @Override
    public String toString() {
        return "history %d: %s, %s, on %s, %d threads, %s".formatted(number, kind, isolation, home, threads, parts);
    }

    /** Records it, and returns what is wrong with it. */
    List<Anomaly> run() throws Exception {
        KvStore store = home.open();
        try {
            recorder.use(store);
            workload.prepare(recorder);
            while (recorder.recorded() < transactions) {
                store = part(store, Ending.values()[random.nextInt(Ending.values().length)]);
            }
            recorder.readAll(workload);
        } finally {
            Home.closeWhateverItSays(store);
        }
        return recorder.check(isolation);
    }

    private KvStore part(KvStore store, Ending ending) throws Exception {
        parts.add(ending);
        home.threaten(ending, partLength, random);
        int steps = 1 + Math.min(partLength, transactions - recorder.recorded()) / threads;
        workload.run(recorder, threads, steps, random.nextLong());
        if (ending != Ending.CLOSED) {
            // What was gone in a view that left no trace in the log may not be gone for an earlier clock.
            recorder.clock().catchUp();
        }
        KvStore next = home.reopen(store, ending, random);
        recorder.clock().forget();
        recorder.use(next);
        return next;
    }
}
