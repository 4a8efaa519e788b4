// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.faults;

import io.github.kvist.testkit.DiskCall;
import io.github.kvist.testkit.DiskWatcher;
import io.github.kvist.testkit.SimulatedDisk;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stops a program at every call that changes its disk, and judges the disks that a power cut may leave then: all of them if they
 * are few, and otherwise so many. A disk that was judged before is not opened again, but must still hold what is durable by now.
 *
 * <p>Two disks count as one state if they differ only in what no opening reads: files that were being written and have no name
 * yet, and those of the lock.
 */
final class PowerCuts implements DiskWatcher, Program.Disks {

    /** Judges a disk, and says which revision it held. */
    interface Judge {
        long judge(SimulatedDisk found, String where);
    }

    /** Fails unless that revision may be found now. */
    interface Bounds {
        void require(long revision, String where);
    }

    private final Campaign campaign;
    private final int most;
    private final Random random;
    private final Judge judge;
    private final Bounds bounds;
    private final Map<Long, Long> revisions = new HashMap<>();
    private final Set<Long> states = new HashSet<>();
    private SimulatedDisk disk = new SimulatedDisk();
    private volatile @Nullable Throwable violation;

    PowerCuts(Campaign campaign, int most, Random random, Judge judge, Bounds bounds) {
        this.campaign = campaign;
        this.most = most;
        this.random = random;
        this.judge = judge;
        this.bounds = bounds;
    }

    @Override
    public void goesOnWith(SimulatedDisk next) {
        disk = next;
        next.watch(this);
    }

    /** Runs the program, and fails as what was found fails, whatever the program made of that. */
    void of(Runnable program) {
        try {
            program.run();
            cut("at the end");
        } catch (RuntimeException stopped) {
            violation = violation == null ? stopped : violation;
        }
        if (violation != null) {
            throw new AssertionError(violation.getMessage(), violation);
        }
    }

    @Override
    public void changes(DiskCall call) {
        if (violation == null) {
            campaign.count("calls");
            cut(call.toString());
        }
    }

    private void cut(String where) {
        try {
            disk.powerLoss().disks(most, random).forEach(found -> judge(found, where));
        } catch (RuntimeException | Error failed) {
            violation = failed;
            throw failed;
        }
    }

    private void judge(SimulatedDisk found, String where) {
        Long known = revisions.get(found.digest(name -> true));
        if (known != null) {
            bounds.require(known, where);
            return;
        }
        boolean isNew = states.add(found.digest(PowerCuts::isRead));
        if (isNew) {
            campaign.count("distinct states");
        } else if (random.nextInt(8) > 0) {
            return;
        }
        campaign.count("disks opened");
        long digest = found.digest(name -> true);
        revisions.put(digest, judge.judge(found, where));
    }

    private static boolean isRead(String name) {
        return !name.endsWith(".tmp") && !name.startsWith("kvist.") && !name.startsWith("torn-");
    }
}
