// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.faults;

import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The power fails at every call that changes the disk, and any of the disks is found that it may leave: whatever it is, the store
 * opens by itself and holds all that was acknowledged as durable, and whole commits only.
 */
@Tag("campaign")
final class PowerCutCampaignTest {

    @Test
    void powerCutsTakeNothingFromAStore() {
        Campaign campaign = new Campaign("power cuts, whole store");
        for (int seed = 1; seed <= Scale.pick(1, 12, 1000); seed++) {
            cutWholeStore(campaign, seed, Scale.pick(10, 150, 400));
        }
        campaign.atLeast("distinct states", Scale.pick(400, 25_000, 5_000_000)).end();
    }

    private static void cutWholeStore(Campaign campaign, long seed, int most) {
        Random random = new Random(-seed);
        FoundStores found = new FoundStores(random);
        WholeStoreWork work = WholeStoreWork.of(seed);
        Program program = work.program();
        PowerCuts cuts = new PowerCuts(
                campaign,
                most,
                random,
                (disk, where) -> found.judge(disk, program.told(), program.definition(), "seed " + seed + ", " + where),
                (revision, where) -> program.told().recovered(revision, where));
        program.isOn(cuts);
        cuts.of(work::wholeLife);
    }

    @Test
    void powerCutsTakeNothingFromALog() {
        Campaign campaign = new Campaign("power cuts, log and checkpoints");
        for (int seed = 1; seed <= Scale.pick(1, 10, 1000); seed++) {
            cutLog(campaign, seed, Scale.pick(10, 200, 1000));
        }
        campaign.atLeast("distinct states", Scale.pick(700, 75_000, 20_000_000)).end();
    }

    private static void cutLog(Campaign campaign, long seed, int most) {
        Random random = new Random(-seed);
        LogWork work = new LogWork(seed);
        PowerCuts cuts = new PowerCuts(
                campaign,
                most,
                random,
                (disk, where) -> work.judge(disk, random, "seed " + seed + ", " + where),
                work::requireRecovered);
        cuts.goesOnWith(work.disk());
        cuts.of(work::run);
    }
}
