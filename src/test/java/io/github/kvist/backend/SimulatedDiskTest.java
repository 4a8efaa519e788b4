// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.testkit.DiskCall;
import io.github.kvist.testkit.DiskFault;
import io.github.kvist.testkit.DiskWatcher;
import io.github.kvist.testkit.FileSystemContract;
import io.github.kvist.testkit.PowerCut;
import io.github.kvist.testkit.PowerLoss;
import io.github.kvist.testkit.SimulatedDisk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

final class SimulatedDiskTest extends FileSystemContract {
    private static final int SECTOR = 512;

    private final SimulatedDisk disk = new SimulatedDisk();
    private final Random random = new Random(7);

    @Override
    protected FileSystem files() {
        return disk;
    }

    @Test
    void powerCutTakesWhatWasNotSynced() throws IOException {
        FileSystem.Handle file = durableFile();
        file.writeAndSync(0, new byte[] {1}, 0, 1);
        file.write(1, new byte[] {2}, 0, 1);

        assertThat(after(PowerCut.LOSES_ALL).contentOf("file")).containsExactly(1);
        assertThat(after(PowerCut.KEEPS_ALL).contentOf("file")).containsExactly(1, 2);
        assertThat(disk.afterKill().contentOf("file")).containsExactly(1, 2);
    }

    @Test
    void syncedWriteDoesNotCarryOlderOnesAlong() throws IOException {
        FileSystem.Handle file = durableFile();
        file.write(0, new byte[] {1}, 0, 1);
        file.writeAndSync(1, new byte[] {2}, 0, 1);

        assertThat(after(PowerCut.LOSES_ALL).contentOf("file")).containsExactly(0, 2);
    }

    @Test
    void namesNeedASyncOfTheDirectory() throws IOException {
        FileSystem.Handle file = durableFile();
        file.writeAndSync(0, new byte[] {1}, 0, 1);
        disk.rename("file", "other");

        assertThat(after(PowerCut.LOSES_ALL).list()).containsExactly("file");
        disk.syncDirectory();
        assertThat(after(PowerCut.LOSES_ALL).list()).containsExactly("other");
    }

    @Test
    void chanceTearsAWriteBySector() throws IOException {
        FileSystem.Handle file = durableFile();
        file.write(0, filled(3 * SECTOR), 0, 3 * SECTOR);

        Set<List<Byte>> states = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            byte[] found = after(PowerCut.TEARS).contentOf("file");
            states.add(List.of(at(found, 0), at(found, SECTOR), at(found, 2 * SECTOR)));
        }

        assertThat(states).hasSize(8);
    }

    private static byte at(byte[] content, int index) {
        return index < content.length ? content[index] : 0;
    }

    private static byte[] filled(int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) 1);
        return bytes;
    }

    @Test
    void chosenCallFailsAndTheNextDoesNot() throws IOException {
        FileSystem.Handle file = durableFile();
        disk.failAt(2, DiskFault.ERROR, false);

        file.write(0, new byte[] {1}, 0, 1);
        assertThatThrownBy(() -> file.write(1, new byte[] {2}, 0, 1)).hasMessageContaining("Input/output error");
        file.write(2, new byte[] {3}, 0, 1);

        assertThat(disk.contentOf("file")).containsExactly(1, 0, 3);
    }

    @Test
    void fullDiskWritesHalf() throws IOException {
        FileSystem.Handle file = durableFile();
        disk.failAt(1, DiskFault.FULL, true);

        assertThatThrownBy(() -> file.write(0, filled(10), 0, 10)).hasMessageContaining("No space left");
        file.sync();

        assertThat(disk.contentOf("file")).hasSize(5);
    }

    @Test
    void failedSyncLosesWhatTheNextOneClaimsToSync() throws IOException {
        FileSystem.Handle file = durableFile();
        file.write(0, new byte[] {1}, 0, 1);
        disk.failAt(1, DiskFault.LOSE, false);

        assertThatThrownBy(file::sync).isInstanceOf(IOException.class);
        file.sync();

        assertThat(disk.contentOf("file")).containsExactly(1);
        assertThat(after(PowerCut.KEEPS_ALL).contentOf("file")).isEmpty();
    }

    @Test
    void nothingWorksWithoutPower() throws IOException {
        FileSystem.Handle file = durableFile();
        disk.failAt(1, DiskFault.POWER_CUT, false);

        assertThatThrownBy(() -> file.writeAndSync(0, new byte[] {1}, 0, 1)).isInstanceOf(IOException.class);
        disk.heal();
        assertThatThrownBy(disk::list).isInstanceOf(IOException.class);

        assertThat(after(PowerCut.LOSES_ALL).contentOf("file")).isEmpty();
        assertThat(after(PowerCut.KEEPS_ALL).contentOf("file")).containsExactly(1);
    }

    @Test
    void anyOfTheUnsyncedWritesMayBeThere() throws IOException {
        FileSystem.Handle file = durableFile();
        file.writeAndSync(0, new byte[3], 0, 3);
        file.write(0, new byte[] {1}, 0, 1);
        file.write(1, new byte[] {2}, 0, 1);
        file.write(2, new byte[] {3}, 0, 1);

        assertThat(contents(100)).hasSize(8).contains(List.of(0, 2, 0), List.of(1, 0, 3), List.of(1, 2, 3));
    }

    @Test
    void anyOfTheWritesThatOverlapMayBeTheLast() throws IOException {
        FileSystem.Handle file = durableFile();
        file.writeAndSync(0, new byte[2], 0, 2);
        file.write(0, new byte[] {1, 1}, 0, 2);
        file.write(1, new byte[] {2}, 0, 1);

        assertThat(contents(100)).containsOnly(List.of(0, 0), List.of(1, 1), List.of(0, 2), List.of(1, 2));
        file.write(0, new byte[] {3}, 0, 1);
        assertThat(contents(100)).contains(List.of(1, 1), List.of(3, 1), List.of(1, 2), List.of(3, 2), List.of(3, 0));
    }

    @Test
    void fileMayHaveItsLengthBeforeItsBytes() throws IOException {
        FileSystem.Handle file = durableFile();
        file.write(0, new byte[] {1, 2}, 0, 2);

        assertThat(contents(100)).containsOnly(List.of(), List.of(1, 2), List.of(0, 0));
    }

    @Test
    void anySectorOfAWriteMayBeMissing() throws IOException {
        FileSystem.Handle file = durableFile();
        file.writeAndSync(0, new byte[3 * SECTOR], 0, 3 * SECTOR);
        file.write(0, filled(3 * SECTOR), 0, 3 * SECTOR);
        Set<List<Byte>> states = new HashSet<>();

        disk.powerLoss().disks(100, random).forEach(found -> {
            byte[] content = found.contentOf("file");
            states.add(List.of(at(content, 0), at(content, SECTOR), at(content, 2 * SECTOR)));
        });

        assertThat(states).hasSize(8);
    }

    @Test
    void namesPersistInAnyOrder() throws IOException {
        FileSystem.Handle file = durableFile();
        file.write(0, new byte[] {1}, 0, 1);
        file.sync();
        disk.create("new");
        disk.rename("file", "other");

        Set<List<String>> names = new HashSet<>();
        for (SimulatedDisk found : disk.powerLoss().disks(100, random).toList()) {
            names.add(found.list());
        }

        assertThat(names)
                .containsExactlyInAnyOrder(
                        List.of(),
                        List.of("file"),
                        List.of("file", "new"),
                        List.of("file", "new", "other"),
                        List.of("file", "other"),
                        List.of("new"),
                        List.of("new", "other"),
                        List.of("other"));
    }

    @Test
    void renameMayBeThereBeforeTheContent() throws IOException {
        FileSystem.Handle old = durableFile();
        old.writeAndSync(0, new byte[] {1}, 0, 1);
        FileSystem.Handle file = disk.create("file.tmp");
        file.write(0, new byte[] {2}, 0, 1);
        disk.rename("file.tmp", "file");

        assertThat(contents(100)).containsOnly(List.of(1), List.of(2), List.of(), List.of(0));
        file.sync();
        assertThat(contents(100)).containsOnly(List.of(1), List.of(2));
    }

    @Test
    void largeSetsAreSampledTheSameForTheSameSeed() throws IOException {
        FileSystem.Handle file = durableFile();
        for (int i = 0; i < 70; i++) {
            file.write(i, filled(1), 0, 1);
        }

        assertThat(disk.powerLoss().count()).isEqualTo(Long.MAX_VALUE);
        assertThat(digests(3)).hasSize(50).isEqualTo(digests(3)).isNotEqualTo(digests(4));
    }

    private List<Long> digests(long seed) {
        return disk.powerLoss()
                .disks(50, new Random(seed))
                .map(found -> found.digest(name -> true))
                .toList();
    }

    @Test
    void digestTellsFilesApartThatCount() throws IOException {
        FileSystem.Handle file = durableFile();
        SimulatedDisk before = disk.afterKill();
        file.write(0, filled(1), 0, 1);

        assertThat(disk.digest(name -> true)).isNotEqualTo(before.digest(name -> true));
        assertThat(disk.digest(name -> false)).isEqualTo(before.digest(name -> false));
        disk.delete("file");
        assertThat(disk.digest(name -> false)).isEqualTo(before.digest(name -> false));
    }

    @Test
    void watcherSeesWhatASyncHasNotYetMadeDurable() throws IOException {
        FileSystem.Handle file = durableFile();
        List<Long> counts = new ArrayList<>();
        disk.watch(new DiskWatcher() {
            @Override
            public void changes(DiskCall call) {
                counts.add(disk.powerLoss().count());
            }
        });

        file.write(0, filled(1), 0, 1);
        file.sync();
        file.writeAndSync(1, filled(1), 0, 1);
        disk.delete("file");
        disk.syncDirectory();

        assertThat(counts).containsExactly(3L, 3L, 3L, 2L, 2L);
        assertThat(disk.powerLoss().count()).isOne();
    }

    @Test
    void callThatIsHeldBackHoldsBackNoOther() throws Exception {
        FileSystem.Handle file = durableFile();
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        disk.watch(new DiskWatcher() {
            @Override
            public void begins(DiskCall call) {
                if (call.kind() == DiskCall.Kind.WRITE_AND_SYNC) {
                    arrived.countDown();
                    awaitQuietly(goOn);
                }
            }
        });
        FutureTask<Boolean> slow = new FutureTask<>(() -> {
            file.writeAndSync(0, filled(1), 0, 1);
            return true;
        });
        new Thread(slow).start();

        arrived.await();
        assertThat(disk.list()).containsExactly("file");
        assertThat(disk.contentOf("file")).isEmpty();
        goOn.countDown();

        assertThat(slow.get()).isTrue();
        assertThat(disk.contentOf("file")).hasSize(1);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void failedSyncOfTheDirectoryLosesNamesThatTheNextOneClaimsToSync() throws IOException {
        durableFile();
        disk.create("new");
        disk.failAt(1, DiskFault.LOSE, false);

        assertThatThrownBy(disk::syncDirectory).isInstanceOf(IOException.class);
        disk.syncDirectory();

        assertThat(disk.list()).containsExactly("file", "new");
        assertThat(after(PowerCut.KEEPS_ALL).list()).containsExactly("file");
    }

    @Test
    void shortWritePutsHalfDown() throws IOException {
        FileSystem.Handle file = durableFile();
        disk.failAt(1, DiskFault.SHORT, false);

        assertThatThrownBy(() -> file.write(0, filled(10), 0, 10)).hasMessageContaining("Input/output error");

        assertThat(disk.contentOf("file")).hasSize(5);
    }

    @Test
    void unreadableDiskCanBeWrittenTo() throws IOException {
        FileSystem.Handle file = durableFile();
        disk.failAt(1, DiskFault.UNREADABLE, true);

        file.writeAndSync(0, filled(1), 0, 1);

        assertThatThrownBy(() -> file.read(0, new byte[1], 0, 1)).hasMessageContaining("Input/output error");
        assertThatThrownBy(() -> file.read(0, new byte[1], 0, 1)).hasMessageContaining("Input/output error");
        assertThat(disk.failures()).isEqualTo(2);
    }

    /** What the file may hold after a power cut, in every case. */
    private Set<List<Integer>> contents(int most) {
        PowerLoss loss = disk.powerLoss();
        assertThat(loss.count()).isLessThanOrEqualTo(most);
        Set<List<Integer>> contents = new HashSet<>();
        loss.disks(most, random).forEach(found -> {
            List<Integer> content = new ArrayList<>();
            for (byte each : found.contentOf("file")) {
                content.add((int) each);
            }
            contents.add(content);
        });
        return contents;
    }

    private FileSystem.Handle durableFile() throws IOException {
        disk.create();
        FileSystem.Handle file = disk.create("file");
        disk.syncDirectory();
        return file;
    }

    private SimulatedDisk after(PowerCut cut) {
        return disk.afterPowerCut(cut, random);
    }
}
