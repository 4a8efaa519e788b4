// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.Durability;
import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.Table;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that becomes full, files that may not grow, and no more descriptors: reads go on, errors say what to do, and afterwards
 * the store works again as documented: at once where only a checkpoint failed, reopened where the log did.
 */
@Tag("campaign")
@Timeout(300)
final class FullDiskTest {

    private static final int ROUNDS = Scale.pick(3, 25, 500);
    private static final long DISK_BYTES = 3 << 20;
    static final Table<Long, byte[]> BLOBS = Table.of("blobs", Keys.int64(), Values.bytes());

    @TempDir
    private Path directory;

    private final Random random = new Random(6);
    private long acknowledged;

    @Test
    void fullDisk() throws Exception {
        Campaign campaign = new Campaign("full disk (tmpfs)");
        for (int round = 0; round < ROUNDS; round++) {
            try (Mounted disk = Mounted.tmpfs(directory.resolve("disk-" + round), "" + DISK_BYTES)) {
                acknowledged = 0;
                fillUp(disk.place(), campaign);
            }
            campaign.count("rounds");
        }
        campaign.atLeast("rounds", ROUNDS).atLeast("commits before", ROUNDS).end();
    }

    private void fillUp(Path disk, Campaign campaign) throws IOException {
        Path ballast = disk.resolve("ballast");
        Path home = disk.resolve("store");
        KvStore store = Shop.open(home, options());
        put(store, 100);
        Files.write(ballast, new byte[(int) DISK_BYTES / 2 + random.nextInt((int) DISK_BYTES / 4)]);

        KvException first = putUntilRefused(store);

        assertThat(first).isInstanceOf(KvException.OutcomeUnknown.class).hasMessageContaining("No space left");
        requireReads(store);
        assertThatThrownBy(() -> put(store, 10))
                .isInstanceOf(KvException.Unavailable.class)
                .hasMessageContaining("reopen");
        assertThatThrownBy(() -> store.admin().backup(disk.resolve("backup"))).isInstanceOf(KvException.class);
        assertThat(disk.resolve("backup")).doesNotExist();
        requireReads(store);
        closeHoweverItGoes(store);
        try (KvStore still = Shop.open(home, options())) { // on the full disk
            requireRecovered(still);
        } catch (KvException.Unavailable sealingNeedsSpace) {
            campaign.count("closes that found no space");
        }

        Files.delete(ballast);

        long before = acknowledged;
        try (KvStore again = Shop.open(home, options())) {
            requireRecovered(again);
            assertThat(again.admin().verify().findings()).isEmpty();
            put(again, 100);
            again.admin().checkpoint();
            requireReads(again);
            assertThat(again.admin().verify().findings()).isEmpty();
        }
        campaign.count("commits before", before);
    }

    @Test
    void checkpointWithoutSpaceLeavesCommitsAlone() throws Exception {
        try (Mounted disk = Mounted.tmpfs(directory.resolve("disk"), "" + DISK_BYTES);
                KvStore store =
                        Shop.open(disk.place().resolve("store"), options().checkpointAfter(1L << 40))) {
            for (int i = 0; i < 4; i++) {
                put(store, 200_000);
            }
            Path ballast = disk.place().resolve("ballast");
            Files.write(ballast, new byte[(int) disk.place().toFile().getUsableSpace() - (300 << 10)]);

            assertThatThrownBy(() -> store.admin().checkpoint())
                    .isInstanceOf(KvException.Unavailable.class)
                    .hasMessageContaining("No space left")
                    .hasMessageContaining("Look at the disk's space");
            put(store, 100);
            requireReads(store);
            Files.delete(ballast);

            store.admin().checkpoint();
            put(store, 100);
            requireReads(store);
        }
    }

    @Test
    void filesThatMayNotGrow() throws Exception {
        List<String> said = cramped("ulimit -f 192", "large");

        assertThat(said).anyMatch(line -> line.startsWith("checkpoint refused: Unavailable"));
        assertThat(said).anyMatch(line -> line.startsWith("put refused: OutcomeUnknown"));
        assertThat(said).anyMatch(line -> line.startsWith("next put refused: Unavailable"));
        requireRecovered(said);
    }

    @Test
    void noMoreDescriptors() throws Exception {
        List<String> said = cramped("ulimit -n 120", "descriptors");

        assertThat(said).anyMatch(line -> line.startsWith("checkpoint refused: Unavailable"));
        assertThat(said).anyMatch(line -> line.startsWith("put refused: OutcomeUnknown"));
        assertThat(said).anyMatch(line -> line.startsWith("next put refused: Unavailable"));
        assertThat(said).contains("reopened");
        requireRecovered(said);
    }

    /** Runs the other process to its end and returns what it said. */
    private List<String> cramped(String limits, String how) throws IOException, InterruptedException {
        List<String> said = new ArrayList<>();
        Path errors = directory.resolve("errors");
        try (Child child = Child.startLimited(
                errors, limits, List.of("-Xmx64m"), CrampedProgram.class, directory.resolve("cramped"), how)) {
            for (String line = child.line(); line != null; line = child.line()) {
                said.add(line);
            }
            assertThat(child.exit()).as(said + "\n" + child.complaints()).isZero();
        }
        return said;
    }

    private void requireRecovered(List<String> said) {
        long committed = said.stream()
                .dropWhile(line -> !line.startsWith("warm close"))
                .filter(line -> line.startsWith("committed "))
                .mapToLong(line -> Long.parseLong(line.substring("committed ".length())))
                .max()
                .orElseThrow();
        try (KvStore store = Shop.open(directory.resolve("cramped"), options())) {
            assertThat(store.in(BLOBS).count()).isBetween(committed, committed + 1);
            assertThat(store.admin().verify().findings()).isEmpty();
            store.in(BLOBS).put(-1L, new byte[1000]);
            store.admin().checkpoint();
        }
    }

    static Options options() {
        return Options.defaults().checkpointAfter(256 << 10).durability(Durability.SYNC);
    }

    private KvException putUntilRefused(KvStore store) {
        while (true) {
            try {
                put(store, 1_000 + random.nextInt(30_000));
            } catch (KvException full) {
                return full;
            }
        }
    }

    private void put(KvStore store, int length) {
        store.in(BLOBS).put(acknowledged, new byte[length]);
        acknowledged++;
    }

    /** All that was acknowledged, and nothing else. */
    private void requireReads(KvStore store) {
        assertThat(store.in(BLOBS).count()).isEqualTo(acknowledged);
        assertThat(store.in(BLOBS).get(acknowledged - 1)).isPresent();
    }

    /** As {@link #requireReads}, and perhaps the one commit whose outcome was unknown. */
    private void requireRecovered(KvStore store) {
        assertThat(store.in(BLOBS).count()).isBetween(acknowledged, acknowledged + 1);
        acknowledged = store.in(BLOBS).count();
        requireReads(store);
    }

    private static void closeHoweverItGoes(KvStore store) {
        try {
            store.close();
        } catch (KvException noSpace) {
            assertThat(noSpace).isInstanceOf(KvException.Unavailable.class);
        }
    }
}
