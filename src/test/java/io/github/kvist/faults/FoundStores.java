// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.faults;

import io.github.kvist.api.KvStore;
import io.github.kvist.api.Recovery;
import io.github.kvist.testkit.SimulatedDisk;
import java.util.List;
import java.util.Random;

/** Opens what is found after a fault, and judges it by what the program was told. */
final class FoundStores {
    private static final String USABLE = "usable";

    private final Random random;

    FoundStores(Random random) {
        this.random = random;
    }

    /**
     * Opens by itself, holds whole commits from the newest durable to the newest submitted one, indexes as the records want them, under
     * this definition and others, is sound, and can be written to. Every few times it is opened once more.
     *
     * @return the revision that it recovered
     */
    long judge(SimulatedDisk found, Told told, int definition, String where) {
        int other = random.nextInt(4) == 0 ? random.nextInt(WholeStore.DEFINITIONS) : definition;
        long revision;
        Contents shown;
        try (KvStore store = WholeStore.open(found, WholeStore.clock(told.millis()), Recovery.DROP_TORN_TAIL)) {
            revision = store.admin().recovery().revision();
            List<Contents> allowed = told.recovered(revision, where).stream()
                    .map(each -> each.at(told.millis()))
                    .toList();
            shown = WholeStore.requireContents(store, other, allowed, where);
            WholeStore.requireIndexes(store, other, shown, where);
            store.in(WholeStore.people(other)).put(USABLE, USABLE + "|0|");
            WholeStore.requireSound(store, where);
        }
        if (random.nextInt(4) == 0) {
            reopen(found, told, other, shown.with("people", USABLE, USABLE + "|0|"), where);
        }
        return revision;
    }

    /** After a clean close nothing is cut. */
    private static void reopen(SimulatedDisk found, Told told, int definition, Contents expected, String where) {
        String again = where + ", opened once more";
        try (KvStore store = WholeStore.open(found, WholeStore.clock(told.millis()), Recovery.STRICT)) {
            WholeStore.requireEqual(store.admin().recovery().clean(), true, again);
            WholeStore.requireContents(store, definition, List.of(expected), again);
            WholeStore.requireIndexes(store, definition, expected, again);
        }
    }
}
