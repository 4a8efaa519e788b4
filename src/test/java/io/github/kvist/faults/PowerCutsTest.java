// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real power cuts: the store lies on an ext4 of its own, which is shut down by the kernel in the middle of the commits, without
 * writing its journal or anything else that was not synced. Mounted again, it holds what a machine finds after its power failed.
 */
@Tag("campaign")
@Timeout(600)
final class PowerCutsTest {

    private static final int CUTS = Scale.pick(2, 40, 5_000);
    private static final int ACKNOWLEDGEMENTS_MAX = 1_500;
    private static final long DEVICE_BYTES = 64 << 20;
    private static final List<String> MOUNTS =
            List.of("data=ordered", "data=writeback", "data=journal", "data=ordered,nobarrier");

    /** What stops the file system at once: EXT4_IOC_SHUTDOWN with EXT4_GOING_FLAGS_NOLOGFLUSH. */
    private static final String CUT =
            "open(F, '<', $ARGV[0]) or die $!; my $how = pack('L', 2);" + " ioctl(F, 0x8004587d, $how) or die $!";

    @TempDir
    private Path directory;

    private final Campaign campaign = new Campaign("real power cuts (ext4)");
    private final Random random = new Random(8);
    private final Shop.Model model = new Shop.Model();

    @Test
    void whatWasSyncedSurvivesEveryPowerCut() throws Exception {
        Path image = directory.resolve("image");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(DEVICE_BYTES);
        }
        Mounted.need("mkfs.ext4", "-q", "-F", image.toString());
        String device = Mounted.need("losetup", "-f", "--show", image.toString());
        try {
            for (int cut = 0; cut < CUTS; cut++) {
                round(device, MOUNTS.get(cut % MOUNTS.size()));
                campaign.count("cuts");
            }
        } finally {
            Mounted.need("losetup", "-d", device);
        }
        campaign.atLeast("cuts", CUTS)
                .atLeast("acknowledged commits", 10L * CUTS)
                .end();
    }

    private void round(String device, String options) throws IOException, InterruptedException {
        Path place = directory.resolve("disk");
        Acknowledged acknowledged = Acknowledged.thatMustBeSynced(model);
        try (Mounted disk = Mounted.device(place, device, options)) {
            runUntilCut(disk, acknowledged);
        }
        try (Mounted disk = Mounted.device(place, device, options)) {
            new ShopInspection(disk.place().resolve("shop"), campaign).check(model, acknowledged);
        }
    }

    private void runUntilCut(Mounted disk, Acknowledged acknowledged) throws IOException, InterruptedException {
        Object[] arguments = new Object[1 + Shop.WRITERS];
        arguments[0] = disk.place().resolve("shop");
        for (int writer = 0; writer < Shop.WRITERS; writer++) {
            arguments[1 + writer] = model.commits(writer);
        }
        Path errors = directory.resolve("errors");
        try (Child child = Child.start(errors, List.of("-Xmx64m"), Shopping.class, arguments)) {
            assertThat(child.line()).as(child.complaints()).isEqualTo("open");
            int until = 50 + random.nextInt(ACKNOWLEDGEMENTS_MAX);
            int seen = 0;
            for (String line = child.line(); line != null; line = child.line()) {
                acknowledged.note(line);
                if (seen++ == until) {
                    Mounted.need("perl", "-e", CUT, disk.place().toString());
                    child.kill(); // what it printed before the cut took effect still counts
                }
            }
            child.exit();
            campaign.count("acknowledged commits", seen);
        }
    }
}
