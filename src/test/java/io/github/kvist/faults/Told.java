// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.faults;

import java.util.HashSet;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a program has asked of a store, and what it was told: by this every store is judged that is found after a fault. It must
 * have recovered one of the commits from the newest that was acknowledged as durable to the newest that was asked for, whole.
 *
 * <p>Not safe for threads: the program stands still while somebody looks.
 */
final class Told {

    /** What each revision may hold; more than one thing if a sweep may have come between. */
    private final NavigableMap<Long, Set<Contents>> possible;

    private long durable;
    private long millis;

    private Told(NavigableMap<Long, Set<Contents>> possible, long durable, long millis) {
        this.possible = possible;
        this.durable = durable;
        this.millis = millis;
    }

    /** Nothing yet, at an instant. */
    static Told nothing(long millis) {
        Told told = new Told(new TreeMap<>(), 0, millis);
        told.attempts(0, Contents.NOTHING);
        return told;
    }

    /** The same, to go on with by itself. */
    Told fork() {
        Told fork = new Told(new TreeMap<>(), durable, millis);
        possible.forEach((revision, contents) -> fork.possible.put(revision, new HashSet<>(contents)));
        return fork;
    }

    /** A commit is about to be asked for. */
    void attempts(long revision, Contents next) {
        possible.computeIfAbsent(revision, fresh -> new HashSet<>()).add(next);
    }

    /** The program was told that nothing was written. */
    void refused(long revision) {
        possible.tailMap(revision, true).clear();
    }

    /** The program was told that its commit is visible. */
    void acknowledged(long revision, Contents contents, boolean isDurable) {
        possible.tailMap(revision, true).clear();
        attempts(revision, contents);
        if (isDurable) {
            durable(revision);
        }
    }

    /** All up to a revision is on stable storage, as the program was told. */
    void durable(long revision) {
        durable = Math.max(durable, revision);
    }

    long millis() {
        return millis;
    }

    /** What is due now may be swept away behind every revision that may be recovered. */
    void timeIs(long now) {
        millis = now;
        sweepsArePossible();
    }

    void sweepsArePossible() {
        NavigableMap<Long, Set<Contents>> before = new TreeMap<>(possible.tailMap(durable, true));
        before.forEach((revision, contents) -> Set.copyOf(contents).forEach(unswept -> {
            Contents swept = unswept.at(millis);
            if (swept != unswept) {
                attempts(revision + 1, swept);
            }
        }));
    }

    /** What a store may hold that has recovered {@code revision}, what is due included. */
    Set<Contents> recovered(long revision, String where) {
        Set<Contents> found = possible.get(revision);
        if (revision < durable || found == null) {
            throw new AssertionError("%s: recovered revision %d, but %d was durable and %d the last that was submitted"
                    .formatted(where, revision, durable, possible.lastKey()));
        }
        return found;
    }

    /** A store was opened and has shown {@code contents}: by that it is bound from now on, and nothing else will come up. */
    void shown(long revision, Contents contents) {
        possible.clear();
        attempts(revision, contents);
        durable = revision;
        sweepsArePossible();
    }
}
