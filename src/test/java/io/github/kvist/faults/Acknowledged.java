// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.faults;

import io.github.kvist.api.Durability;

/** How far the writers of a {@link Shop} are known to have come, by what they said before their process ended. */
final class Acknowledged {

    private final long[] commits = new long[Shop.WRITERS];
    private final long[] before = new long[Shop.WRITERS];
    private final boolean onlySynced;
    private long unsyncedBefore;

    /** Begins where the last process ended. */
    Acknowledged(Shop.Model model) {
        this(model, false);
    }

    /** The same, where the power fails: what was only handed to the system may be gone. */
    static Acknowledged thatMustBeSynced(Shop.Model model) {
        return new Acknowledged(model, true);
    }

    private Acknowledged(Shop.Model model, boolean onlySynced) {
        this.onlySynced = onlySynced;
        for (int writer = 0; writer < commits.length; writer++) {
            commits[writer] = model.commits(writer);
            before[writer] = commits[writer];
        }
        unsyncedBefore = model.commits(Shop.WRITERS - 1);
    }

    /** Takes a line of {@link Shopping}; the last one may have been cut anywhere and then says nothing. */
    void note(String line) {
        String[] words = line.split(" ", -1);
        if (words.length != 3 || words[2].isEmpty()) {
            return;
        }
        int writer = Integer.parseInt(words[0]);
        commits[writer] = Long.parseLong(words[1]);
        if (onlySynced ? Shop.durabilityOf(writer) == Durability.SYNC : writer < Shop.WRITERS - 1) {
            // Cut digits make a smaller number, which is true as well.
            unsyncedBefore = Math.max(unsyncedBefore, Long.parseLong(words[2]));
        }
    }

    /** The fewest commits of a writer that must be there. */
    long least(int writer) {
        if (onlySynced && Shop.durabilityOf(writer) == Durability.OS) {
            return before[writer];
        }
        return writer == Shop.WRITERS - 1 ? unsyncedBefore : commits[writer];
    }

    /** The most that can be there: what it may have been about to say. */
    long most(int writer) {
        return commits[writer] + 1;
    }
}
