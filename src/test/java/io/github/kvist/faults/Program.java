// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.faults;

import io.github.kvist.api.Durability;
import io.github.kvist.api.Finding;
import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Recovery;
import io.github.kvist.api.Snapshot;
import io.github.kvist.api.TransactionOptions;
import io.github.kvist.api.WriteTransaction;
import io.github.kvist.testkit.DiskWatcher;
import io.github.kvist.testkit.SettableClock;
import io.github.kvist.testkit.SimulatedDisk;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Uses a store on a disk, and keeps the books: before it asks for anything it notes in {@link #told} what may become of it, and
 * then what it was told.
 *
 * <p>{@linkplain #isOnFailing On a disk that may fail} it goes on as well as it can, and makes sure of what a store promises then: each
 * call is answered by an error of the right type, what is visible can be read, after a commit of unknown outcome there is none that
 * goes well, and opened again on a healed disk the store is as good as ever.
 */
final class Program {
    private final SettableClock clock;
    private final Told told;

    private Disks disks = new Disks() {};
    private boolean mayFail;
    private SimulatedDisk disk;
    private int definition;
    private boolean isDefinedAnew;
    private byte[] backup = new byte[0];
    private Contents backedUp = Contents.NOTHING;
    private long backupRevision;

    // Of the session under way.
    private @Nullable KvStore store;
    private Contents current = Contents.NOTHING;
    private long revision;
    private boolean logFailed;

    /** What the system had when the process was killed. */
    private long handedOver;

    // What was answered so far.
    private long refusals;
    private long unknowns;
    private boolean isHealed;

    /** What a program lives on. */
    interface Disks {

        /** A disk that it goes on with, the first too: after a kill it is another one. */
        default void goesOnWith(SimulatedDisk disk) {}

        /** Something has failed; from now on all is to go well. */
        default void heal() {}
    }

    Program(SimulatedDisk disk, Told told, int definition) {
        this.disk = disk;
        this.told = told;
        this.clock = new SettableClock(Instant.ofEpochMilli(told.millis()));
        this.definition = definition;
    }

    /** Tells {@code disks} of the disk that it is on, and of each that it will be on; said before all else. */
    void isOn(Disks disks) {
        this.disks = disks;
        disks.goesOnWith(disk);
    }

    /** As {@link #isOn}, and they may fail. */
    void isOnFailing(Disks disks) {
        mayFail = true;
        isOn(disks);
    }

    Told told() {
        return told;
    }

    SimulatedDisk disk() {
        return disk;
    }

    /** The definition of people that the program has now. */
    int definition() {
        return definition;
    }

    /** How many calls were answered by an error. */
    long refusals() {
        return refusals;
    }

    /** How many of them said that the outcome is unknown. */
    long unknowns() {
        return unknowns;
    }

    /** Has another definition from the next session on; whether the store knows it is not known. */
    void define(int next) {
        definition = next;
        isDefinedAnew = true;
    }

    /** Opens, works, and closes. */
    void session(boolean readsIndexes, Runnable... steps) {
        long refusedBefore = refusals;
        if (!opens() && !opensHealed()) {
            throw new AssertionError("a store does not open on a healed disk");
        }
        if (readsIndexes) {
            readIndexes();
        }
        for (Runnable step : steps) {
            step.run();
        }
        if (refusals > refusedBefore) {
            disks.heal();
        }
        close();
        if (refusals > refusedBefore) {
            disks.heal();
            isHealed = true;
        }
        isDefinedAnew = false;
    }

    private boolean opensHealed() {
        disks.heal();
        isHealed = true;
        return opens();
    }

    private boolean opens() {
        told.sweepsArePossible();
        logFailed = false;
        try {
            store = WholeStore.open(disk, clock, Recovery.DROP_TORN_TAIL);
        } catch (KvException failed) {
            tell(failed);
            return false;
        }
        revision = open().admin().recovery().revision();
        if (revision < handedOver) {
            throw new AssertionError("a kill took revisions %d to %d".formatted(revision + 1, handedOver));
        }
        handedOver = 0;
        List<Contents> allowed = told.recovered(revision, "reopened").stream().toList();
        List<Contents> visible =
                allowed.stream().map(each -> each.at(told.millis())).toList();
        Contents shown = WholeStore.requireContents(open(), definition, visible, "reopened");
        current = allowed.get(visible.indexOf(shown));
        told.shown(revision, current);
        sweepAway();
        return true;
    }

    private KvStore open() {
        return Objects.requireNonNull(store);
    }

    /** Those that are missing are built by that, in a commit of its own; if nobody reads by them the next write builds them. */
    private void readIndexes() {
        if (logFailed) {
            return;
        }
        if (isDefinedAnew) {
            told.attempts(revision + 1, current);
        }
        try {
            WholeStore.requireIndexes(open(), definition, current.at(told.millis()), "reopened");
            if (open().revision() > revision) {
                becomes(revision + 1, current, true);
            } else {
                told.refused(revision + 1);
            }
        } catch (KvException failed) {
            failedCommit(failed, revision + 1);
        }
    }

    /** Ends the program if nothing should fail. */
    private void tell(KvException failed) {
        if (!mayFail || isHealed) {
            throw failed;
        }
        refusals++;
        if (failed instanceof KvException.OutcomeUnknown) {
            unknowns++;
        } else if (!(failed instanceof KvException.Unavailable)) {
            throw new AssertionError("a failing disk is answered with " + failed, failed);
        }
    }

    void commit(Durability durability, UnaryOperator<Contents> effect, Consumer<WriteTransaction> work) {
        Contents next = effect.apply(current);
        if (!logFailed) {
            told.attempts(revision + 1, next);
        }
        try {
            open().<Boolean>write(TransactionOptions.defaults().durability(durability), tx -> {
                work.accept(tx);
                return true;
            });
        } catch (KvException failed) {
            failedCommit(failed, revision + 1);
            requireReadable();
            return;
        }
        if (open().revision() == revision) {
            WholeStore.requireEqual(next, current, "what a commit without a revision has changed");
            return;
        }
        if (logFailed) {
            throw new AssertionError("a commit went well after one whose outcome is unknown");
        }
        becomes(revision + 1, next, durability == Durability.SYNC);
        requireReadable();
    }

    private void failedCommit(KvException failed, long attempted) {
        boolean isUnknown = failed instanceof KvException.OutcomeUnknown;
        if (!logFailed && !isUnknown) {
            told.refused(attempted);
        }
        logFailed |= isUnknown;
        tell(failed);
    }

    private void becomes(long nextRevision, Contents next, boolean isDurable) {
        revision = nextRevision;
        current = next;
        told.acknowledged(nextRevision, next, isDurable);
    }

    /** Whatever the disk does. */
    private void requireReadable() {
        WholeStore.requireEqual(open().revision(), revision, "the revision that is shown");
        if (mayFail) {
            String found = String.valueOf(
                    open().in(WholeStore.people(definition)).scan().keys());
            WholeStore.requireEqual(found, current.of("people").keySet().toString(), "people that are shown");
        }
    }

    void checkpoint() {
        try {
            open().admin().checkpoint();
            told.durable(revision);
        } catch (KvException failed) {
            tell(failed);
        }
    }

    void verify() {
        try {
            List<Finding> findings = open().admin().verify().findings();
            if (!mayFail) {
                WholeStore.requireEqual(findings, List.of(), "findings");
            }
        } catch (KvException failed) {
            tell(failed);
        }
    }

    /** To somewhere else than the disk. */
    void backup() {
        ByteArrayOutputStream image = new ByteArrayOutputStream();
        try (Snapshot snapshot = open().snapshot()) {
            snapshot.writeTo(image);
        }
        backup = image.toByteArray();
        backedUp = current;
        backupRevision = revision;
    }

    void restore() {
        if (backup.length == 0) {
            return;
        }
        long next = Math.max(backupRevision, revision + 1);
        if (!logFailed) {
            told.attempts(next, backedUp);
            told.sweepsArePossible();
        }
        try {
            open().admin().restore(new ByteArrayInputStream(backup), true);
        } catch (KvException failed) {
            boolean wasFailed = logFailed;
            failedCommit(failed, next);
            logFailed = wasFailed; // What is not known of a restore the log need not know.
            return;
        }
        becomes(next, backedUp, true);
        told.sweepsArePossible();
        sweepAway();
        requireReadable();
    }

    /** From now on a sweep may come at any time. */
    void becomesDue() {
        told.timeIs(told.millis() + 2000);
        clock.move(Duration.ofMillis(2000));
    }

    void sweep() {
        becomesDue();
        sweepAway();
    }

    /** By this thread or another one, either of which may be told that the disk failed. */
    private void sweepAway() {
        Contents swept = current.at(told.millis());
        if (swept == current || logFailed) {
            return;
        }
        try {
            while (open().revision() == revision) {
                open().admin().sweep();
            }
            becomes(revision + 1, swept, false);
            requireReadable();
        } catch (KvException failed) {
            logFailed = true;
            tell(failed);
        }
    }

    /** Dies, and goes on with the disk as it is; what is left behind is closed, of which that disk sees nothing. */
    void killed() {
        KvStore left = open();
        store = null;
        handedOver = logFailed ? 0 : revision;
        disk.watch(new DiskWatcher() {});
        disk = disk.afterKill();
        disks.goesOnWith(disk);
        try {
            left.close();
        } catch (KvException failed) {
            tell(failed);
        }
    }

    private void close() {
        KvStore closing = store;
        store = null;
        if (closing == null) {
            return;
        }
        try {
            closing.close();
            if (!logFailed) {
                told.durable(revision);
            }
        } catch (KvException failed) {
            tell(failed);
        }
    }
}
