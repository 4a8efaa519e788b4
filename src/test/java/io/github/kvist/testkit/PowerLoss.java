// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import io.github.kvist.testkit.SimulatedFile.Change;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import java.util.stream.Stream.Builder;

/**
 * The disks that may be found if the power fails at one moment.
 *
 * <p>A system writes back what was not synced when and in which order it likes. So of each file any of its writes may be there and
 * any other may not; each may be torn, with any of its sectors on the disk; where writes overlap, any may be the last; and a
 * file may have grown without its bytes having arrived. Under each name stands what it stood for when the directory was last
 * synced, or anything that it has stood for since, whatever the other names stand for: a rename may have put the new name there and not
 * yet taken away the old one, or the other way round, and a file may have its name before it has its bytes. That is more than
 * today's file systems do, and all that a store may rely on.
 *
 * <p>Does not change when the disk goes on.
 */
public final class PowerLoss {
    private static final int LOST = 0;

    /** Fewer are left to chance alone. */
    private static final int FEW = 4;

    private final List<Name> names = new ArrayList<>();
    private final List<UnsyncedFile> files = new ArrayList<>();
    private final boolean exists;

    /** At each point where it may go one way or another, how many ways there are: names first, then each file's. */
    private final List<Integer> ways = new ArrayList<>();

    /** The way in which nothing is lost. */
    private final List<Integer> kept = new ArrayList<>();

    /** What a name may stand for, the durable file first; {@link #NO_FILE} for none. */
    private record Name(String name, List<SimulatedFile> values) {}

    static final SimulatedFile NO_FILE = new SimulatedFile();

    /** {@code values} of a name: what it stands for durably, then all that it has stood for since. */
    PowerLoss(Map<String, List<SimulatedFile>> values, boolean exists) {
        this.exists = exists;
        values.forEach(this::add);
        Map<SimulatedFile, Boolean> met = new IdentityHashMap<>();
        for (Name name : names) {
            for (SimulatedFile file : name.values) {
                if (met.put(file, true) == null && !file.unsynced().isEmpty()) {
                    add(new UnsyncedFile(file, ways.size()));
                }
            }
        }
    }

    private void add(String name, List<SimulatedFile> values) {
        List<SimulatedFile> different = new ArrayList<>();
        values.stream().filter(file -> !different.contains(file)).forEach(different::add);
        if (different.equals(List.of(NO_FILE))) {
            return;
        }
        names.add(new Name(name, different));
        ways.add(different.size());
        kept.add(different.indexOf(values.get(values.size() - 1)));
    }

    private void add(UnsyncedFile file) {
        files.add(file);
        for (int i = 0; i < file.points(); i++) {
            ways.add(file.ways(i));
            kept.add(file.kept(i));
        }
    }

    /** How many disks there are, counting only the telling ways to tear a long write; some may be equal. */
    public long count() {
        long count = 1;
        for (int different : ways) {
            count = count > Long.MAX_VALUE / different ? Long.MAX_VALUE : count * different;
        }
        return count;
    }

    /** All of them if there are no more than {@code most}; otherwise so many: the extremes, and what chance picks. */
    public Stream<SimulatedDisk> disks(int most, Random random) {
        return picks(most, random).map(picks -> disk(picks, random));
    }

    private Stream<int[]> picks(int most, Random random) {
        if (count() <= most) {
            return Stream.iterate(allLost(), this::next).limit(count());
        }
        List<int[]> extremes = most < FEW ? List.of() : extremes();
        if (!extremes.isEmpty()) {
            Collections.shuffle(extremes.subList(2, extremes.size()), random);
        }
        int first = Math.min(extremes.size(), most / 2);
        return Stream.concat(
                extremes.subList(0, first).stream(),
                Stream.generate(() -> byChance(random)).limit(most - first));
    }

    private int[] allLost() {
        return new int[ways.size()];
    }

    private int[] allKept() {
        return kept.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Counts up, a digit for each point. */
    private int[] next(int[] picks) {
        int[] next = picks.clone();
        for (int i = 0; i < next.length; i++) {
            next[i]++;
            if (next[i] < ways.get(i)) {
                break;
            }
            next[i] = LOST;
        }
        return next;
    }

    /** All lost, all kept, and what differs from these at one point. */
    private List<int[]> extremes() {
        Builder<int[]> others = Stream.builder();
        for (int point = 0; point < ways.size(); point++) {
            for (int way = 0; way < ways.get(point); way++) {
                for (int[] from : List.of(allLost(), allKept())) {
                    if (from[point] != way) {
                        from[point] = way;
                        others.add(from);
                    }
                }
            }
        }
        return new ArrayList<>(
                Stream.concat(Stream.of(allLost(), allKept()), others.build()).toList());
    }

    /** Mostly lost, mostly kept, or anything. */
    private int[] byChance(Random random) {
        int leaning = random.nextInt(3);
        int[] picks = leaning == 0 ? allLost() : allKept();
        for (int i = 0; i < picks.length; i++) {
            if (leaning == 2 || random.nextInt(4) == 0) {
                picks[i] = random.nextInt(ways.get(i));
            }
        }
        return picks;
    }

    /** One of those that {@code cut} describes. */
    public SimulatedDisk disk(PowerCut cut, Random random) {
        int[] picks = cut == PowerCut.KEEPS_ALL ? allKept() : allLost();
        if (cut == PowerCut.PICKS || cut == PowerCut.TEARS) {
            for (int i = 0; i < names.size(); i++) {
                picks[i] = random.nextInt(ways.get(i));
            }
            for (UnsyncedFile file : files) {
                file.pick(cut, picks, random);
            }
        }
        return disk(picks, random);
    }

    private SimulatedDisk disk(int[] picks, Random random) {
        Map<SimulatedFile, SimulatedFile> found = new IdentityHashMap<>();
        for (UnsyncedFile file : files) {
            found.put(file.file(), SimulatedFile.of(file.content(picks, random)));
        }
        SimulatedDisk disk = new SimulatedDisk();
        for (int i = 0; i < names.size(); i++) {
            SimulatedFile file = names.get(i).values.get(picks[i]);
            if (file != NO_FILE) {
                disk.put(names.get(i).name, found.computeIfAbsent(file, SimulatedFile::whole));
            }
        }
        disk.existsIf(exists);
        return disk;
    }

    /** A file that was written to and not synced, as it was at the moment of the cut. */
    private static final class UnsyncedFile {
        private static final int KEPT = 1;
        private static final int TORN_BY_CHANCE = -1;
        private static final int SHUFFLED = -1;
        private static final int REVERSED = 1;

        private final SimulatedFile file;
        private final byte[] durable;
        private final List<Change> changes;
        private final boolean overlaps;
        private final int first;

        UnsyncedFile(SimulatedFile file, int first) {
            this.file = file;
            this.durable = file.durable();
            this.changes = List.copyOf(file.unsynced());
            this.overlaps = overlaps(changes);
            this.first = first;
        }

        private static boolean overlaps(List<Change> changes) {
            for (int i = 1; i < changes.size(); i++) {
                for (int j = 0; j < i; j++) {
                    if (changes.get(i).touches(changes.get(j))) {
                        return true;
                    }
                }
            }
            return false;
        }

        SimulatedFile file() {
            return file;
        }

        /** One for each change, and one for their order. */
        int points() {
            return changes.size() + 1;
        }

        int ways(int point) {
            if (point == changes.size()) {
                return overlaps ? 2 : 1;
            }
            Change change = changes.get(point);
            return 2 + stretches(change) + Tears.count(change.sectors());
        }

        int kept(int point) {
            return point == changes.size() ? 0 : KEPT;
        }

        private int stretches(Change change) {
            return change.isLongerThan(durable) ? 1 : 0;
        }

        /** By chance, each of its changes by itself. */
        void pick(PowerCut cut, int[] picks, Random random) {
            for (int i = 0; i < changes.size(); i++) {
                int fate = random.nextInt(cut == PowerCut.TEARS ? 3 : 2);
                picks[first + i] = fate > KEPT ? TORN_BY_CHANCE : fate;
            }
            picks[first + changes.size()] = overlaps ? SHUFFLED : 0;
        }

        byte[] content(int[] picks, Random random) {
            List<Integer> order = new ArrayList<>();
            for (int i = 0; i < changes.size(); i++) {
                order.add(i);
            }
            int turned = picks[first + changes.size()];
            if (turned == REVERSED) {
                Collections.reverse(order);
            } else if (turned == SHUFFLED) {
                Collections.shuffle(order, random);
            }
            byte[] content = durable.clone();
            for (int i : order) {
                content = after(changes.get(i), picks[first + i], content, random);
            }
            return content;
        }

        private byte[] after(Change change, int pick, byte[] content, Random random) {
            if (pick == LOST) {
                return content;
            }
            if (pick == KEPT || change.isCut()) {
                return change.applyTo(content);
            }
            if (pick == TORN_BY_CHANCE) {
                return change.applyTornTo(content, sector -> random.nextBoolean());
            }
            int tear = pick - 2 - stretches(change);
            return tear < 0
                    ? change.stretch(content)
                    : change.applyTornTo(content, sector -> Tears.keeps(tear, sector, change.sectors()));
        }
    }

    /** The ways to tear a write of several sectors. */
    private static final class Tears {
        private static final int SECTORS_TORN_EVERY_WAY = 3;
        private static final int TELLING = 8;

        static int count(int sectors) {
            return sectors > SECTORS_TORN_EVERY_WAY ? TELLING : (1 << sectors) - 2;
        }

        /** Whether a sector is on the disk. */
        static boolean keeps(int tear, int sector, int sectors) {
            if (sectors <= SECTORS_TORN_EVERY_WAY) {
                return ((tear + 1) >> sector & 1) == 1;
            }
            int last = sectors - 1;
            return switch (tear) {
                case 0 -> sector == 0;
                case 1 -> sector == last;
                case 2 -> sector != 0;
                case 3 -> sector != last;
                case 4 -> sector <= last / 2;
                case 5 -> sector > last / 2;
                case 6 -> sector != last / 2;
                default -> sector == last / 2;
            };
        }
    }
}
