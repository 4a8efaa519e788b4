// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.faults;

import io.github.kvist.testkit.DiskCall;
import io.github.kvist.testkit.DiskFault;
import io.github.kvist.testkit.DiskWatcher;
import io.github.kvist.testkit.PowerCut;
import io.github.kvist.testkit.SimulatedDisk;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Every call to the disk in the whole life of a store fails, in every way that concerns it, once or from there on. Who asked is
 * told by an error of the right type, what is visible can be read all the time, and on a healed disk the store opens, holds what
 * was acknowledged, and works; power cuts and kills afterwards take nothing either.
 */
@Tag("campaign")
final class DiskFaultCampaignTest {
    private static final List<DiskFault> FAULTS =
            List.of(DiskFault.ERROR, DiskFault.UNREADABLE, DiskFault.SHORT, DiskFault.FULL, DiskFault.LOSE);

    private static final Logger LOG = Logger.getLogger("io.github.kvist");

    /** The store warns of each failure that no caller is told of; here that is what is asked for. */
    @BeforeAll
    static void beQuiet() {
        LOG.setLevel(Level.OFF);
    }

    @AfterAll
    static void speakAgain() {
        LOG.setLevel(null);
    }

    /** A call that is to fail, of one of the disks that the program goes on with. */
    private record Place(int disk, DiskCall call) {}

    private record Failure(Place place, DiskFault fault, boolean forEver) {

        /** Never left out: a sync of a file that loses what the next one claims to have synced. */
        boolean isTelling() {
            return fault == DiskFault.LOSE && place.call.kind() == DiskCall.Kind.SYNC && !forEver;
        }

        @Override
        public String toString() {
            return "%s of disk %d fails with %s%s"
                    .formatted(place.call, place.disk, fault, forEver ? ", and all after it" : "");
        }
    }

    @Test
    void failingCallsTakeNothing() {
        Campaign campaign = new Campaign("failing calls");
        for (int seed = 1; seed <= Scale.pick(1, 1, 20); seed++) {
            Random random = new Random(seed);
            for (Failure failure : failures(seed)) {
                if (failure.isTelling() || random.nextInt(Scale.pick(30, 1, 1)) == 0) {
                    fail(campaign, seed, failure, random);
                }
            }
        }
        campaign.atLeast("runs", Scale.pick(60, 2_000, 50_000))
                .atLeast("told that the outcome is unknown", Scale.pick(10, 500, 10_000))
                .end();
    }

    private static List<Failure> failures(long seed) {
        List<Failure> failures = new ArrayList<>();
        for (Place place : places(seed)) {
            for (DiskFault fault : FAULTS) {
                if (fault.concerns(place.call.kind())) {
                    failures.add(new Failure(place, fault, false));
                    failures.add(new Failure(place, fault, true));
                }
            }
        }
        return failures;
    }

    private static List<Place> places(long seed) {
        List<Place> places = new ArrayList<>();
        WholeStoreWork work = WholeStoreWork.of(seed);
        work.program().isOn(new Program.Disks() {
            private int disks;

            @Override
            public void goesOnWith(SimulatedDisk disk) {
                int number = disks++;
                disk.watch(new DiskWatcher() {
                    @Override
                    public void begins(DiskCall call) {
                        synchronized (places) {
                            places.add(new Place(number, call));
                        }
                    }
                });
            }
        });
        work.wholeLife();
        return places;
    }

    private static void fail(Campaign campaign, long seed, Failure failure, Random random) {
        campaign.count("runs");
        WholeStoreWork work = WholeStoreWork.of(seed);
        Program program = work.program();
        Failing failing = new Failing(failure, program, random);
        try {
            program.isOnFailing(failing);
            work.wholeLife();
            failing.requireNoViolation();
            judge(campaign, program, random, failure.toString());
        } catch (RuntimeException | AssertionError violation) {
            throw new AssertionError("seed " + seed + ", " + failure + ": " + violation, violation);
        }
        campaign.count("calls that failed", failing.failures());
        campaign.count(program.refusals() > 0 ? "told" : "not concerned");
        campaign.count("told that the outcome is unknown", program.unknowns());
    }

    /**
     * The disk that fails, and the one after the kill if that is to fail too. Behind the failure the power may be cut at some calls:
     * later ones would bring to the disk again what only seemed to be there.
     */
    private static final class Failing implements Program.Disks, DiskWatcher {
        private static final int CUTS = 8;

        private final Failure failure;
        private final Program program;
        private final Random random;
        private final FoundStores stores;
        private final List<SimulatedDisk> disks = new ArrayList<>();
        private int cuts;
        private boolean healed;
        private @Nullable Throwable violation;

        Failing(Failure failure, Program program, Random random) {
            this.failure = failure;
            this.program = program;
            this.random = random;
            this.stores = new FoundStores(random);
        }

        @Override
        public void changes(DiskCall call) {
            SimulatedDisk disk = disks.get(disks.size() - 1);
            if (disk.failures() == 0 || cuts == CUTS || violation != null) {
                return;
            }
            cuts++;
            try {
                SimulatedDisk found = disk.afterPowerCut(PowerCut.LOSES_ALL, random);
                stores.judge(found, program.told(), program.definition(), "cut at " + call);
            } catch (RuntimeException | Error failed) {
                violation = failed;
            }
        }

        void requireNoViolation() {
            if (violation != null) {
                throw new AssertionError(violation.getMessage(), violation);
            }
        }

        @Override
        public void goesOnWith(SimulatedDisk disk) {
            int number = disks.size();
            disks.add(disk);
            disk.watch(this);
            if (number == failure.place.disk) {
                disk.failAt(failure.place.call.number(), failure.fault, failure.forEver);
            } else if (number > failure.place.disk && failure.forEver && !healed) {
                disk.failAt(1, failure.fault, true);
            }
        }

        @Override
        public void heal() {
            healed = true;
            disks.forEach(SimulatedDisk::heal);
        }

        long failures() {
            return disks.stream().mapToLong(SimulatedDisk::failures).sum();
        }
    }

    private static void judge(Campaign campaign, Program program, Random random, String where) {
        FoundStores stores = new FoundStores(random);
        SimulatedDisk disk = program.disk();
        for (PowerCut cut : List.of(PowerCut.LOSES_ALL, PowerCut.TEARS)) {
            stores.judge(disk.afterPowerCut(cut, random), program.told(), program.definition(), where + ", " + cut);
        }
        stores.judge(disk.afterKill(), program.told(), program.definition(), where + ", killed");
        // What is seen after a kill the disk need not have: what a recovery shows of it must be there from then on.
        new NestedCrashes(campaign, 1, random)
                .recover(disk.afterKill(), program.told(), program.definition(), NestedCrashes.DEEPEST, where);
    }
}
