// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One file of a {@link SimulatedDisk}: what a process sees, what is on stable storage, and what lies between. */
final class SimulatedFile {

    // Arrays are replaced and never changed.
    private byte[] seen = new byte[0];
    private byte[] durable = new byte[0];
    private final List<Change> unsynced = new ArrayList<>();

    private byte[] hashed = seen;
    private long hash;

    byte[] content() {
        return seen;
    }

    byte[] durable() {
        return durable;
    }

    /** What was done and may be lost, in its order. */
    List<Change> unsynced() {
        return unsynced;
    }

    void write(int position, byte[] bytes) {
        if (bytes.length > 0) {
            change(new Change(position, bytes));
        }
    }

    void truncate(int length) {
        if (length < seen.length) {
            change(new Change(length, new byte[0]));
        }
    }

    private void change(Change change) {
        seen = change.applyTo(seen.clone());
        unsynced.add(change);
    }

    /** The last write, and whatever older one it touches, reaches stable storage; the others stay where they are. */
    void syncLastWrite() {
        if (unsynced.isEmpty()) {
            return;
        }
        Change last = unsynced.get(unsynced.size() - 1);
        List<Change> touched = unsynced.stream().filter(last::touches).toList();
        persist(touched);
        unsynced.removeAll(touched);
    }

    void sync() {
        persist(unsynced);
        unsynced.clear();
    }

    private void persist(List<Change> changes) {
        byte[] content = durable.clone();
        for (Change change : changes) {
            content = change.applyTo(content);
        }
        durable = content;
    }

    /** A sync that failed: the system forgets what it could not write, and believes it clean. */
    void loseUnsynced() {
        unsynced.clear();
    }

    /** As another process finds it when this one was killed. */
    SimulatedFile copy() {
        SimulatedFile file = new SimulatedFile();
        file.seen = seen;
        file.durable = durable;
        file.unsynced.addAll(unsynced);
        return file;
    }

    /** What is found when the power comes back and nothing was under way. */
    SimulatedFile whole() {
        return of(durable);
    }

    static SimulatedFile of(byte[] content) {
        SimulatedFile file = new SimulatedFile();
        file.seen = content;
        file.durable = content;
        return file;
    }

    /** A number that follows from the content. */
    long hash() {
        if (hashed != seen) {
            hash = Digests.of(seen);
            hashed = seen;
        }
        return hash;
    }

    /** A write, or a cut to {@code position} if there are no bytes. */
    static final class Change {
        /** What a disk writes as a whole or not at all. */
        static final int SECTOR = 512;

        private final int position;
        private final byte[] bytes;

        Change(int position, byte[] bytes) {
            this.position = position;
            this.bytes = bytes;
        }

        boolean isCut() {
            return bytes.length == 0;
        }

        private int end() {
            return position + bytes.length;
        }

        boolean touches(Change other) {
            return isCut() || other.isCut() || (position < other.end() && other.position < end());
        }

        boolean isLongerThan(byte[] content) {
            return end() > content.length;
        }

        /** How many sectors it touches. */
        int sectors() {
            return isCut() ? 1 : (end() - 1) / SECTOR - position / SECTOR + 1;
        }

        /** May change {@code content}, and returns what is to be used from then on. */
        byte[] applyTo(byte[] content) {
            if (isCut()) {
                return content.length > position ? Arrays.copyOf(content, position) : content;
            }
            byte[] target = longEnough(content, end());
            System.arraycopy(bytes, 0, target, position, bytes.length);
            return target;
        }

        /** Only the length: where there was nothing yet there are zeros. */
        byte[] stretch(byte[] content) {
            return longEnough(content, end());
        }

        /** Only those sectors that are picked, each by its number from 0. */
        byte[] applyTornTo(byte[] content, Picked picked) {
            byte[] target = content;
            int sector = 0;
            for (int at = 0; at < bytes.length; sector++) {
                int count = Math.min(bytes.length - at, SECTOR - (position + at) % SECTOR);
                if (picked.has(sector)) {
                    target = longEnough(target, position + at + count);
                    System.arraycopy(bytes, at, target, position + at, count);
                }
                at += count;
            }
            return target;
        }

        private static byte[] longEnough(byte[] content, int length) {
            return content.length >= length ? content : Arrays.copyOf(content, length);
        }
    }

    /** Says which sectors of a write are on the disk. */
    @FunctionalInterface
    interface Picked {
        boolean has(int sector);
    }
}
