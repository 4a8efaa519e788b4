// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import io.github.kvist.backend.FileSystem;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A directory in memory, on a disk that remembers what was synced, and that can be told to break.
 *
 * <p>{@link #failAt} lets the n-th call from now fail. {@link #afterPowerCut} yields one of the disks that may be found when the
 * power comes back; {@link #afterKill} the one that is found when only the process died. All chance comes from the random
 * numbers handed in, so that a run can be repeated. Safe for any number of threads.
 */
public final class SimulatedDisk implements FileSystem {
    private final Map<String, SimulatedFile> seen = new TreeMap<>();
    private final Map<String, SimulatedFile> durable = new TreeMap<>();
    private final List<Renaming> unsynced = new ArrayList<>();
    private boolean exists;
    private boolean durablyExists;
    private @Nullable Object lockedBy;

    private long calls;
    private long failAt = Long.MAX_VALUE;
    private DiskFault fault = DiskFault.ERROR;
    private boolean forEver;
    private boolean dead;
    private String lastCall = "";

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

    /** Lets the {@code nth} call from now fail, 1 being the next, and with {@code forEver} all after it. */
    public synchronized void failAt(long nth, DiskFault fault, boolean forEver) {
        this.failAt = calls + nth;
        this.fault = fault;
        this.forEver = forEver;
    }

    /** Lets all go well again, unless the power failed. */
    public synchronized void heal() {
        failAt = Long.MAX_VALUE;
    }

    /** How many calls were made, those that failed too. */
    public synchronized long calls() {
        return calls;
    }

    /** The call that was made last, for messages. */
    public synchronized String lastCall() {
        return lastCall;
    }

    /** A disk that may be found after the power failed now. */
    public synchronized SimulatedDisk afterPowerCut(PowerCut cut, Random random) {
        SimulatedDisk next = new SimulatedDisk();
        Map<String, SimulatedFile> names = new TreeMap<>(durable);
        for (Renaming renaming : unsynced) {
            if (cut.fate(random) != PowerCut.LOST) {
                renaming.applyTo(names);
            }
        }
        names.forEach((name, file) -> next.put(name, file.afterPowerCut(cut, random)));
        next.exists = durablyExists || !names.isEmpty();
        next.durablyExists = next.exists;
        return next;
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
        next.durablyExists = durablyExists;
        return next;
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
        durablyExists = true;
        if (content != null) {
            put(name, SimulatedFile.of(content.clone()));
        }
    }

    private void put(String name, SimulatedFile file) {
        seen.put(name, file);
        durable.put(name, file);
    }

    @Override
    public String description() {
        return "simulated";
    }

    @Override
    public synchronized void create() throws IOException {
        enter("create directory", false);
        exists = true;
        durablyExists = true;
    }

    @Override
    public synchronized List<String> list() throws IOException {
        enter("list", false);
        if (!exists) {
            throw new NoSuchFileException(description());
        }
        return List.copyOf(seen.keySet());
    }

    @Override
    public synchronized Handle openToRead(String name) throws IOException {
        enter("open " + name, false);
        return new OpenFile(name, existing(name), false);
    }

    @Override
    public synchronized Handle openToWrite(String name) throws IOException {
        enter("open to write " + name, false);
        return new OpenFile(name, existing(name), true);
    }

    private SimulatedFile existing(String name) throws IOException {
        SimulatedFile file = seen.get(name);
        if (file == null) {
            throw new NoSuchFileException(name);
        }
        return file;
    }

    @Override
    public synchronized Handle create(String name) throws IOException {
        boolean cut = enter("create " + name, true);
        if (!exists) {
            throw new NoSuchFileException(name);
        }
        SimulatedFile file = new SimulatedFile();
        change(new Renaming(null, name, file));
        finish(cut);
        return new OpenFile(name, file, true);
    }

    @Override
    public synchronized void rename(String from, String to) throws IOException {
        boolean cut = enter("rename " + from + " to " + to, false);
        change(new Renaming(from, to, existing(from)));
        finish(cut);
    }

    @Override
    public synchronized void delete(String name) throws IOException {
        boolean cut = enter("delete " + name, false);
        SimulatedFile file = seen.get(name);
        if (file != null) {
            change(new Renaming(name, null, file));
        }
        finish(cut);
    }

    private void change(Renaming renaming) {
        renaming.applyTo(seen);
        unsynced.add(renaming);
    }

    @Override
    public synchronized void syncDirectory() throws IOException {
        finish(enter("sync directory", false));
        durable.clear();
        durable.putAll(seen);
        unsynced.clear();
    }

    @Override
    public synchronized @Nullable Lock lock(String name, boolean shared) throws IOException {
        enter("lock " + name, !shared && !seen.containsKey(name));
        if (lockedBy != null) {
            return null;
        }
        if (!shared && !seen.containsKey(name)) {
            change(new Renaming(null, name, new SimulatedFile()));
        }
        Held held = new Held(name, seen.get(name));
        lockedBy = held;
        return held;
    }

    /**
     * Counts a call, and fails if its turn has come. Returns whether the power fails during it: then it is to take effect as
     * far as it needs no sync, and to end with {@link #finish}.
     */
    private boolean enter(String call, boolean takesSpace) throws IOException {
        calls++;
        lastCall = call;
        if (dead) {
            throw new IOException("no power");
        }
        if (calls != failAt && !(forEver && calls > failAt)) {
            return false;
        }
        if (fault == DiskFault.POWER_CUT) {
            dead = true;
            return true;
        }
        if (fault == DiskFault.FULL && !takesSpace) {
            return false;
        }
        throw new IOException((fault == DiskFault.FULL ? "No space left on device: " : "Input/output error: ") + call);
    }

    private static void finish(boolean powerFailed) throws IOException {
        if (powerFailed) {
            throw new IOException("the power failed");
        }
    }

    /** Whether the fault of this call concerns the bytes of a write or a sync rather than the call as a whole. */
    private boolean isTurnOf(DiskFault kind) {
        return fault == kind && !dead && (calls + 1 == failAt || (forEver && calls + 1 > failAt));
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
            synchronized (SimulatedDisk.this) {
                enter("length of " + name, false);
                return file.content().length;
            }
        }

        @Override
        public int read(long position, byte[] target, int offset, int length) throws IOException {
            synchronized (SimulatedDisk.this) {
                enter("read " + name, false);
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
            synchronized (SimulatedDisk.this) {
                finish(put("write ", position, source, offset, length));
            }
        }

        @Override
        public void writeAndSync(long position, byte[] source, int offset, int length) throws IOException {
            synchronized (SimulatedDisk.this) {
                boolean loses = isTurnOf(DiskFault.LOSE);
                if (loses) {
                    file.write(Math.toIntExact(position), Arrays.copyOfRange(source, offset, offset + length));
                    file.loseUnsynced();
                }
                finish(put("write and sync ", position, source, offset, length));
                file.syncLastWrite();
            }
        }

        private boolean put(String call, long position, byte[] source, int offset, int length) throws IOException {
            requireWritable();
            if (isTurnOf(DiskFault.FULL)) {
                file.write(Math.toIntExact(position), Arrays.copyOfRange(source, offset, offset + length / 2));
            }
            boolean cut = enter(call + length + " bytes at " + position + " of " + name, true);
            file.write(Math.toIntExact(position), Arrays.copyOfRange(source, offset, offset + length));
            return cut;
        }

        @Override
        public void sync() throws IOException {
            synchronized (SimulatedDisk.this) {
                if (isTurnOf(DiskFault.LOSE)) {
                    file.loseUnsynced();
                }
                finish(enter("sync " + name, false));
                file.sync();
            }
        }

        @Override
        public void truncate(long length) throws IOException {
            synchronized (SimulatedDisk.this) {
                requireWritable();
                boolean cut = enter("truncate " + name + " to " + length, false);
                file.truncate(Math.toIntExact(length));
                finish(cut);
            }
        }

        private void requireWritable() throws IOException {
            if (!writable) {
                throw new IOException(name + " was opened to read");
            }
        }

        @Override
        public void close() throws IOException {
            synchronized (SimulatedDisk.this) {
                enter("close " + name, false);
            }
        }
    }
}
