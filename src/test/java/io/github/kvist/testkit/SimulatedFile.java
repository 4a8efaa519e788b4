// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** One file of a {@link SimulatedDisk}: what a process sees, what is on stable storage, and what lies between. */
final class SimulatedFile {
    /** What a disk writes as a whole or not at all. */
    static final int SECTOR = 512;

    private byte[] seen = new byte[0];
    private byte[] durable = new byte[0];
    private final List<Change> unsynced = new ArrayList<>();

    /** A write, or a cut to {@code position} if there are no bytes. */
    private record Change(int position, byte[] bytes) {
        boolean isCut() {
            return bytes.length == 0;
        }

        boolean touches(Change other) {
            return isCut()
                    || other.isCut()
                    || (position < other.position + other.bytes.length && other.position < position + bytes.length);
        }

        byte[] applyTo(byte[] content) {
            if (isCut()) {
                return content.length > position ? Arrays.copyOf(content, position) : content;
            }
            byte[] target = Arrays.copyOf(content, Math.max(content.length, position + bytes.length));
            System.arraycopy(bytes, 0, target, position, bytes.length);
            return target;
        }

        /** Only those sectors of the write that chance picks. */
        byte[] applyTornTo(byte[] content, Random random) {
            byte[] target = content;
            for (int at = 0; at < bytes.length; ) {
                int count = Math.min(bytes.length - at, SECTOR - (position + at) % SECTOR);
                if (random.nextBoolean()) {
                    target = new Change(position + at, Arrays.copyOfRange(bytes, at, at + count)).applyTo(target);
                }
                at += count;
            }
            return target;
        }
    }

    byte[] content() {
        return seen;
    }

    void write(int position, byte[] bytes) {
        if (bytes.length == 0) {
            return;
        }
        change(new Change(position, bytes));
    }

    void truncate(int length) {
        if (length < seen.length) {
            change(new Change(length, new byte[0]));
        }
    }

    private void change(Change change) {
        seen = change.applyTo(seen);
        unsynced.add(change);
    }

    /** The last write, and whatever older one it touches, reaches stable storage; the others stay where they are. */
    void syncLastWrite() {
        if (unsynced.isEmpty()) {
            return;
        }
        Change last = unsynced.get(unsynced.size() - 1);
        List<Change> touched = unsynced.stream().filter(last::touches).toList();
        touched.forEach(change -> durable = change.applyTo(durable));
        unsynced.removeAll(touched);
    }

    void sync() {
        unsynced.forEach(change -> durable = change.applyTo(durable));
        unsynced.clear();
    }

    /** A sync that failed: the system forgets what it could not write, and believes it clean. */
    void loseUnsynced() {
        unsynced.clear();
    }

    /** What may be found after a power cut. */
    SimulatedFile afterPowerCut(PowerCut cut, Random random) {
        byte[] content = durable;
        for (Change change : unsynced) {
            int fate = cut.fate(random);
            if (fate == PowerCut.KEPT) {
                content = change.applyTo(content);
            } else if (fate == PowerCut.TORN) {
                content = change.applyTornTo(content, random);
            }
        }
        return of(content);
    }

    /** As another process finds it when this one was killed. */
    SimulatedFile copy() {
        SimulatedFile file = new SimulatedFile();
        file.seen = seen;
        file.durable = durable;
        file.unsynced.addAll(unsynced);
        return file;
    }

    static SimulatedFile of(byte[] content) {
        SimulatedFile file = new SimulatedFile();
        file.seen = content;
        file.durable = content;
        return file;
    }
}
