// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import io.github.kvist.backend.FileSystem;
import io.github.kvist.testkit.DiskCall.Kind;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A directory in memory, on a disk that remembers what was synced, and that can be told to break.
 *
 * <p>{@link #powerLoss} has all the disks that may be found when the power fails now and comes back, and {@link #afterPowerCut} one of them;
 * {@link #afterKill} is the one that is found when only the process died. A {@link DiskWatcher} is told of each call and may ask in
 * the middle of it. {@link #failAt} lets the n-th call from now fail. All chance comes from the random numbers handed in, so
 * that a run can be repeated. Safe for any number of threads.
 */
public final class SimulatedDisk implements FileSystem {
    private static final DiskWatcher NOBODY = new DiskWatcher() {};

    private final Map<String, SimulatedFile> seen = new TreeMap<>();
    private final Map<String, SimulatedFile> durable = new TreeMap<>();
    private final List<Renaming> unsynced = new ArrayList<>();
    private boolean exists;
    private @Nullable Object lockedBy;

    private final AtomicLong calls = new AtomicLong();
    private volatile DiskWatcher watcher = NOBODY;
    private long failAt = Long.MAX_VALUE;
    private DiskFault fault = DiskFault.ERROR;
    private boolean forEver;
    private boolean dead;
    private volatile String lastCall = "";
    private long failures;

    /** {@code file} gets the name {@code to} and loses {@code from}; either may be missing. */
    private record Renaming(@Nullable String from, @Nullable String to, SimulatedFile file) {
        void applyTo(Map<String, SimulatedFile> names) {
            if (from != null) {
                names.remove(from);
            }
            if (to != null) {
                names.put(to, file);
            }
        }
    }

    /** Tells {@code watcher} from now on, and nobody else. */
    public void watch(DiskWatcher watcher) {
        this.watcher = watcher;
    }

    /**
     * Lets the {@code nth} call from now fail, 1 being the next, or the first after it that the fault concerns; with {@code forEver}
     * all that it concerns from there on.
     */
    public synchronized void failAt(long nth, DiskFault fault, boolean forEver) {
        this.failAt = calls.get() + nth;
        this.fault = fault;
        this.forEver = forEver;
    }

    /** Lets all go well again, unless the power failed. */
    public synchronized void heal() {
        failAt = Long.MAX_VALUE;
    }

    /** How many calls were made, those that failed too. */
    public long calls() {
        return calls.get();
    }

    /** How many calls failed. */
    public synchronized long failures() {
        return failures;
    }

    /** The call that was made last, for messages. */
    public String lastCall() {
        return lastCall;
    }

    /** The disks that may be found if the power fails now. */
    public synchronized PowerLoss powerLoss() {
        Map<String, List<SimulatedFile>> values = new TreeMap<>();
        durable.forEach((name, file) -> values(values, name).set(0, file));
        for (Renaming renaming : unsynced) {
            if (renaming.from != null) {
                values(values, renaming.from).add(PowerLoss.NO_FILE);
            }
            if (renaming.to != null) {
                values(values, renaming.to).add(renaming.file);
            }
        }
        return new PowerLoss(values, exists);
    }

    private static List<SimulatedFile> values(Map<String, List<SimulatedFile>> values, String name) {
        return values.computeIfAbsent(name, fresh -> new ArrayList<>(List.of(PowerLoss.NO_FILE)));
    }

    /** A disk that may be found after the power failed now. */
    public SimulatedDisk afterPowerCut(PowerCut cut, Random random) {
        return powerLoss().disk(cut, random);
    }

    /** The disk as it is found after the process was killed: nothing is lost, but what was not synced still may be. */
    public synchronized SimulatedDisk afterKill() {
        SimulatedDisk next = new SimulatedDisk();
        Map<SimulatedFile, SimulatedFile> copies = new IdentityHashMap<>();
        seen.forEach((name, file) -> next.seen.put(name, copies.computeIfAbsent(file, SimulatedFile::copy)));
        durable.forEach((name, file) -> next.durable.put(name, copies.computeIfAbsent(file, SimulatedFile::copy)));
        for (Renaming renaming : unsynced) {
            SimulatedFile file = copies.computeIfAbsent(renaming.file, SimulatedFile::copy);
            next.unsynced.add(new Renaming(renaming.from, renaming.to, file));
        }
        next.exists = exists;
        return next;
    }

    /**
     * A number by which what is seen on the disk now is told from what is seen on others.
     *
     * @param counts which files matter, by their names
     */
    public synchronized long digest(Predicate<String> counts) {
        long digest = exists ? 1 : 0;
        for (Map.Entry<String, SimulatedFile> entry : seen.entrySet()) {
            if (counts.test(entry.getKey())) {
                digest = Digests.and(digest, entry.getKey().hashCode());
                digest = Digests.and(digest, entry.getValue().hash());
            }
        }
        return digest;
    }

    /** What a file holds now; {@code null} if there is none. */
    public synchronized byte @Nullable [] contentOf(String name) {
        SimulatedFile file = seen.get(name);
        return file == null ? null : file.content().clone();
    }

    /** Puts a file there, durably, or takes it away. */
    public synchronized void place(String name, byte @Nullable [] content) {
        seen.remove(name);
        durable.remove(name);
        exists = true;
        if (content != null) {
            put(name, SimulatedFile.of(content.clone()));
        }
    }

    void put(String name, SimulatedFile file) {
        seen.put(name, file);
        durable.put(name, file);
    }

    void existsIf(boolean there) {
        exists = there;
    }

    @Override
    public String description() {
        return "simulated";
    }

    @Override
    public void create() throws IOException {
        DiskCall call = begin(Kind.LOOK, "create directory");
        synchronized (this) {
            enter(call);
            exists = true;
        }
    }

    @Override
    public List<String> list() throws IOException {
        DiskCall call = begin(Kind.LOOK, "list");
        synchronized (this) {
            enter(call);
            if (!exists) {
                throw new NoSuchFileException(description());
            }
            return List.copyOf(seen.keySet());
        }
    }

    @Override
    public synchronized boolean exists(String name) {
        return seen.containsKey(name);
    }

    @Override
    public Handle openToRead(String name) throws IOException {
        return open(begin(Kind.LOOK, "open " + name), name, false);
    }

    @Override
    public Handle openToWrite(String name) throws IOException {
        return open(begin(Kind.LOOK, "open to write " + name), name, true);
    }

    private synchronized Handle open(DiskCall call, String name, boolean toWrite) throws IOException {
        enter(call);
        return new OpenFile(name, existing(name), toWrite);
    }

    private SimulatedFile existing(String name) throws IOException {
        SimulatedFile file = seen.get(name);
        if (file == null) {
            throw new NoSuchFileException(name);
        }
        return file;
    }

    @Override
    public Handle create(String name) throws IOException {
        DiskCall call = begin(Kind.CREATE, "create " + name);
        synchronized (this) {
            boolean cut = enter(call);
            if (!exists) {
                throw new NoSuchFileException(name);
            }
            SimulatedFile old = seen.get(name);
            if (old != null) {
                change(new Renaming(name, null, old));
            }
            SimulatedFile file = new SimulatedFile();
            change(new Renaming(null, name, file));
            finish(call, cut);
            return new OpenFile(name, file, true);
        }
    }

    @Override
    public void rename(String from, String to) throws IOException {
        DiskCall call = begin(Kind.NAME, "rename " + from + " to " + to);
        synchronized (this) {
            boolean cut = enter(call);
            change(new Renaming(from, to, existing(from)));
            finish(call, cut);
        }
    }

    @Override
    public void delete(String name) throws IOException {
        DiskCall call = begin(Kind.NAME, "delete " + name);
        synchronized (this) {
            boolean cut = enter(call);
            SimulatedFile file = seen.get(name);
            if (file != null) {
                change(new Renaming(name, null, file));
            }
            finish(call, cut);
        }
    }

    private void change(Renaming renaming) {
        renaming.applyTo(seen);
        unsynced.add(renaming);
    }

    @Override
    public void syncDirectory() throws IOException {
        DiskCall call = begin(Kind.SYNC_DIRECTORY, "sync directory");
        synchronized (this) {
            if (isTurnOf(DiskFault.LOSE, call)) {
                unsynced.clear();
            }
            finish(call, enter(call));
            unsynced.forEach(renaming -> renaming.applyTo(durable));
            unsynced.clear();
        }
    }

    @Override
    public @Nullable Lock lock(String name, boolean shared) throws IOException {
        DiskCall call = begin(Kind.CREATE, "lock " + name);
        synchronized (this) {
            boolean makes = !shared && !seen.containsKey(name);
            enter(makes ? call : new DiskCall(call.number(), Kind.LOOK, call.what()));
            if (lockedBy != null) {
                return null;
            }
            if (makes) {
                change(new Renaming(null, name, new SimulatedFile()));
            }
            Held held = new Held(name, seen.get(name));
            lockedBy = held;
            return held;
        }
    }

    /** Counts a call and tells of it, before anything is locked. */
    private DiskCall begin(Kind kind, String what) {
        DiskCall call = new DiskCall(calls.incrementAndGet(), kind, what);
        lastCall = what;
        watcher.begins(call);
        return call;
    }

    /**
     * Fails if the turn of the call has come. Returns whether the power fails during it: then it is to take effect as far as it
     * needs no sync. Ends with {@link #finish} if it changes anything.
     */
    private boolean enter(DiskCall call) throws IOException {
        if (dead) {
            throw new IOException("no power");
        }
        if (!isTurn(call)) {
            return false;
        }
        failures++;
        if (!forEver) {
            failAt = Long.MAX_VALUE;
        }
        if (fault == DiskFault.POWER_CUT) {
            dead = true;
            return true;
        }
        throw new IOException(fault.message() + call.what());
    }

    private boolean isTurn(DiskCall call) {
        return call.number() >= failAt && fault.concerns(call.kind());
    }

    /** Whether the fault of a call concerns the bytes of a write or a sync rather than the call as a whole. */
    private boolean isTurnOf(DiskFault kind, DiskCall call) {
        return fault == kind && !dead && isTurn(call);
    }

    /** The call has taken effect, as far as it needs no sync. */
    private void finish(DiskCall call, boolean powerFailed) throws IOException {
        watcher.changes(call);
        if (powerFailed) {
            throw new IOException("the power failed");
        }
    }

    private final class Held implements Lock {
        private final String name;
        private final @Nullable SimulatedFile file;

        Held(String name, @Nullable SimulatedFile file) {
            this.name = name;
            this.file = file;
        }

        @Override
        public boolean isInPlace() {
            synchronized (SimulatedDisk.this) {
                return seen.get(name) == file;
            }
        }

        @Override
        public void close() {
            synchronized (SimulatedDisk.this) {
                if (lockedBy == this) {
                    lockedBy = null;
                }
            }
        }
    }

    private final class OpenFile implements Handle {
        private final String name;
        private final SimulatedFile file;
        private final boolean writable;

        OpenFile(String name, SimulatedFile file, boolean writable) {
            this.name = name;
            this.file = file;
            this.writable = writable;
        }

        @Override
        public long length() throws IOException {
            DiskCall call = begin(Kind.LOOK, "length of " + name);
            synchronized (SimulatedDisk.this) {
                enter(call);
                return file.content().length;
            }
        }

        @Override
        public int read(long position, byte[] target, int offset, int length) throws IOException {
            DiskCall call = begin(Kind.READ, "read " + name);
            synchronized (SimulatedDisk.this) {
                enter(call);
                byte[] content = file.content();
                int count = (int) Math.max(0, Math.min(length, content.length - position));
                if (count > 0) {
                    System.arraycopy(content, (int) position, target, offset, count);
                }
                return count;
            }
        }

        @Override
        public void write(long position, byte[] source, int offset, int length) throws IOException {
            requireWritable();
            DiskCall call = begin(Kind.WRITE, "write " + length + " bytes at " + position + " of " + name);
            synchronized (SimulatedDisk.this) {
                put(call, Math.toIntExact(position), source, offset, length);
            }
        }

        @Override
        public void writeAndSync(long position, byte[] source, int offset, int length) throws IOException {
            requireWritable();
            DiskCall call =
                    begin(Kind.WRITE_AND_SYNC, "write and sync " + length + " bytes at " + position + " of " + name);
            synchronized (SimulatedDisk.this) {
                if (isTurnOf(DiskFault.LOSE, call)) {
                    file.write(Math.toIntExact(position), Arrays.copyOfRange(source, offset, offset + length));
                    file.loseUnsynced();
                }
                put(call, Math.toIntExact(position), source, offset, length);
                file.syncLastWrite();
            }
        }

        private void put(DiskCall call, int position, byte[] source, int offset, int length) throws IOException {
            if (isTurnOf(DiskFault.FULL, call) || isTurnOf(DiskFault.SHORT, call)) {
                file.write(position, Arrays.copyOfRange(source, offset, offset + length / 2));
            }
            boolean cut = enter(call);
            file.write(position, Arrays.copyOfRange(source, offset, offset + length));
            finish(call, cut);
        }

        @Override
        public void sync() throws IOException {
            DiskCall call = begin(Kind.SYNC, "sync " + name);
            synchronized (SimulatedDisk.this) {
                if (isTurnOf(DiskFault.LOSE, call)) {
                    file.loseUnsynced();
                }
                finish(call, enter(call));
                file.sync();
            }
        }

        @Override
        public void truncate(long length) throws IOException {
            requireWritable();
            DiskCall call = begin(Kind.TRUNCATE, "truncate " + name + " to " + length);
            synchronized (SimulatedDisk.this) {
                boolean cut = enter(call);
                file.truncate(Math.toIntExact(length));
                finish(call, cut);
            }
        }

        private void requireWritable() throws IOException {
            if (!writable) {
                throw new IOException(name + " was opened to read");
            }
        }

        @Override
        public void close() throws IOException {
            DiskCall call = begin(Kind.LOOK, "close " + name);
            synchronized (SimulatedDisk.this) {
                enter(call);
            }
        }
    }
}
