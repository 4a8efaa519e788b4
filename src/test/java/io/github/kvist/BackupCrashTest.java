// SPDX-License-Identifier: Apache-2.0
package io.github.kvist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.Table;
import io.github.kvist.backend.memory.MemoryStorage;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import io.github.kvist.engine.Engine;
import io.github.kvist.table.TableStore;
import io.github.kvist.testkit.DiskCall;
import io.github.kvist.testkit.DiskFault;
import io.github.kvist.testkit.DiskWatcher;
import io.github.kvist.testkit.SimulatedDisk;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The power fails, or a call does, while a backup is written to a file: under its name there is nothing then, or all of it; and what
 * was told to be there is there for good.
 */
final class BackupCrashTest {

    private static final Table<Integer, String> WORDS = Table.of("words", Keys.int32(), Values.string());
    private static final int ENTRIES = 300;
    private static final String NAME = "backup";

    /** So many of the disks that a power cut may leave, should there be more. */
    private static final int DISKS = 1000;

    private SimulatedDisk disk = new SimulatedDisk();
    private final KvStore store =
            new TableStore(Engine.open(new MemoryStorage(), Options.defaults()), Options.defaults(), directory -> disk);

    /** What was found under the name, each only once. */
    private final Set<String> found = new HashSet<>();

    @BeforeEach
    void fill() throws IOException {
        disk.create();
        store.update(tx -> {
            for (int i = 0; i < ENTRIES; i++) {
                tx.in(WORDS).put(i, "x".repeat(i));
            }
        });
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void backUp() {
        store.admin().backup(Path.of(NAME));
    }

    private boolean isThere(SimulatedDisk left, String where) {
        byte @Nullable [] image = left.contentOf(NAME);
        if (image != null && found.add(Arrays.toString(image))) {
            requireWhole(image, where);
        }
        return image != null;
    }

    private static void requireWhole(byte[] image, String where) {
        try (KvStore restored = Kvist.inMemory()) {
            restored.admin().restore(new ByteArrayInputStream(image));
            assertThat(restored.in(WORDS).count()).as(where).isEqualTo(ENTRIES);
        } catch (KvException damaged) {
            throw new AssertionError(where + ": the backup is not whole", damaged);
        }
    }

    @Test
    void powerCutLeavesAllOfABackupOrNothing() {
        Random random = new Random(1);
        Set<Boolean> outcomes = new HashSet<>();
        disk.watch(new DiskWatcher() {
            @Override
            public void changes(DiskCall call) {
                disk.powerLoss().disks(DISKS, random).forEach(left -> outcomes.add(isThere(left, call.toString())));
            }
        });

        backUp();

        assertThat(outcomes).containsExactlyInAnyOrder(true, false);
        assertThat(disk.powerLoss().disks(DISKS, random)).allMatch(left -> isThere(left, "in the end"));
    }

    @ParameterizedTest
    @EnumSource
    void whoIsToldThatItFailedFindsNothingAndMayTryAgain(DiskFault fault) throws IOException {
        long call = 1;
        for (; fails(call, fault, false); call++) {
            requireAllOrNothing(fault + " at call " + call);
            if (fault != DiskFault.POWER_CUT) {
                assertThat(disk.list()).as(fault + " at call " + call).isEmpty();
                backUp();
                assertThat(isThere(disk, "tried again")).isTrue();
            }
        }
        assertThat(call).isGreaterThan(1);
    }

    @ParameterizedTest
    @EnumSource
    void diskThatFailsForEverHoldsAllOrNothing(DiskFault fault) throws IOException {
        long call = 1;
        for (; fails(call, fault, true); call++) {
            requireAllOrNothing(fault + " from call " + call + " on");
        }
        assertThat(call).isGreaterThan(1);
    }

    /** Whether there still is a call of that number that the fault concerns; if so, its failure was told. */
    private boolean fails(long call, DiskFault fault, boolean forEver) throws IOException {
        disk = new SimulatedDisk();
        disk.create();
        disk.failAt(call, fault, forEver);
        boolean told = false;
        try {
            backUp();
        } catch (KvException.Unavailable failed) {
            told = true;
        }
        disk.heal();
        assertThat(told).as(fault + " at call " + call).isEqualTo(disk.failures() > 0);
        return told;
    }

    private void requireAllOrNothing(String where) {
        Stream<SimulatedDisk> left = disk.powerLoss().disks(DISKS, new Random(1));
        left.forEach(each -> isThere(each, where));
        isThere(disk, where);
    }

    @Test
    void whatGotTheNameMeanwhileIsNotReplaced() {
        byte[] another = {1, 2, 3};
        disk.watch(new DiskWatcher() {
            @Override
            public void changes(DiskCall call) {
                disk.place(NAME, another);
            }
        });

        assertThatThrownBy(this::backUp)
                .isInstanceOf(KvException.Unavailable.class)
                .hasMessageContaining("Exists");

        assertThat(disk.contentOf(NAME)).isEqualTo(another);
    }
}
