// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.faults;

import io.github.kvist.testkit.DiskCall;
import io.github.kvist.testkit.DiskWatcher;
import io.github.kvist.testkit.PowerLoss;
import io.github.kvist.testkit.SimulatedDisk;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Crashes of programs that recover from a crash, and of those that recover from that one. Of the first recovery every call is cut
 * that changes the disk, of the deeper ones some. A crash is a loss of power, or now and then of the process alone.
 */
final class NestedCrashes {
    static final int DEEPEST = 3;

    private final Campaign campaign;
    private final Random random;
    private final FoundStores stores;

    /** Of which calls of a recovery one is cut, by depth; how many disks of a cut are looked at. */
    private final int[] oneCallOf = {1, 1, 6, 12};

    private final int disksOfACall;
    private volatile @Nullable Throwable violation;

    NestedCrashes(Campaign campaign, int disksOfACall, Random random) {
        this.campaign = campaign;
        this.disksOfACall = disksOfACall;
        this.random = random;
        this.stores = new FoundStores(random);
    }

    /** Recovers what was found, crashing on the way at every call; {@code depth} is 1 for the first recovery. */
    void recover(SimulatedDisk found, Told told, int definition, int depth, String where) {
        WholeStoreWork work = WholeStoreWork.after(found, told.fork(), definition, random);
        Crashing crashing = new Crashing(work.program(), depth, where);
        try {
            found.watch(crashing);
            work.restart();
            found.watch(new DiskWatcher() {});
            crashing.crash("at the end");
        } catch (RuntimeException | Error failed) {
            violation = violation == null ? failed : violation;
            throw failed;
        }
    }

    /** Runs a program whose crashes are looked at, and fails as they fail, whatever the program made of that. */
    void in(Runnable program) {
        try {
            program.run();
        } catch (RuntimeException stopped) {
            violation = violation == null ? stopped : violation;
        }
        if (violation != null) {
            throw new AssertionError(violation.getMessage(), violation);
        }
    }

    /** Looks at what may be found at each call of one recovery. */
    private final class Crashing implements DiskWatcher {
        private final Program program;
        private final int depth;
        private final String where;

        Crashing(Program program, int depth, String where) {
            this.program = program;
            this.depth = depth;
            this.where = where;
        }

        @Override
        public void changes(DiskCall call) {
            if (random.nextInt(oneCallOf[depth]) == 0) {
                crash(call.toString());
            }
        }

        void crash(String call) {
            String here = where + "; then " + call;
            disks().forEach(disk -> {
                campaign.count("nested crashes");
                campaign.count("of depth " + depth);
                if (depth < DEEPEST && random.nextInt(3) == 0) {
                    recover(disk, program.told(), program.definition(), depth + 1, here);
                } else {
                    stores.judge(disk, program.told(), program.definition(), here);
                }
            });
        }

        private List<SimulatedDisk> disks() {
            SimulatedDisk disk = program.disk();
            PowerLoss loss = disk.powerLoss();
            Stream<SimulatedDisk> killed = random.nextInt(8) == 0 ? Stream.of(disk.afterKill()) : Stream.of();
            return Stream.concat(loss.disks(disksOfACall, random), killed).toList();
        }
    }
}
