// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.faults;

import io.github.kvist.testkit.DiskCall;
import io.github.kvist.testkit.DiskWatcher;
import io.github.kvist.testkit.SimulatedDisk;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The power fails in recovery itself, and in the recovery from that, and once more: recovery loses nothing either. */
@Tag("campaign")
final class NestedCrashCampaignTest {

    @Test
    void crashesInRecoveryTakeNothing() {
        Campaign campaign = new Campaign("nested crashes");
        for (int seed = 1; seed <= Scale.pick(1, 3, 300); seed++) {
            crash(campaign, seed);
        }
        campaign.atLeast("of depth 3", Scale.pick(50, 1_000, 100_000))
                .atLeast("nested crashes", Scale.pick(500, 10_000, 5_000_000))
                .end();
    }

    private static void crash(Campaign campaign, long seed) {
        Random random = new Random(seed);
        NestedCrashes nested = new NestedCrashes(campaign, Scale.pick(1, 2, 20), random);
        WholeStoreWork work = WholeStoreWork.of(seed);
        work.program().isOn(new First(work.program(), nested, random, Scale.pick(60, 30, 3), "seed " + seed));
        nested.in(work::wholeLife);
    }

    /** The crashes that recovery has to deal with: at one of so many calls of the whole life of a store. */
    private static final class First implements DiskWatcher, Program.Disks {
        private final Program program;
        private final NestedCrashes nested;
        private final Random random;
        private final int oneCallOf;
        private final String name;

        First(Program program, NestedCrashes nested, Random random, int oneCallOf, String name) {
            this.program = program;
            this.nested = nested;
            this.random = random;
            this.oneCallOf = oneCallOf;
            this.name = name;
        }

        @Override
        public void goesOnWith(SimulatedDisk disk) {
            disk.watch(this);
        }

        @Override
        public void changes(DiskCall call) {
            if (random.nextInt(oneCallOf) == 0) {
                SimulatedDisk found = program.disk()
                        .powerLoss()
                        .disks(3, random)
                        .skip(2)
                        .findFirst()
                        .orElseGet(program.disk()::afterKill);
                nested.recover(found, program.told(), program.definition(), 1, name + ", " + call);
            }
        }
    }
}
