// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.testkit.DiskFault;
import io.github.kvist.testkit.FileSystemContract;
import io.github.kvist.testkit.PowerCut;
import io.github.kvist.testkit.SimulatedDisk;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
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
