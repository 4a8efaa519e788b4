// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.Kvist;
import io.github.kvist.SimulatedSalvage;
import io.github.kvist.api.Entry;
import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Recovery;
import io.github.kvist.api.SalvageMode;
import io.github.kvist.api.SalvageReport;
import io.github.kvist.api.Table;
import io.github.kvist.backend.Remains.Piece;
import io.github.kvist.backend.file.DamagedFiles;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import io.github.kvist.faults.SmallStore.End;
import io.github.kvist.testkit.DiskFault;
import io.github.kvist.testkit.SimulatedDisk;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is saved of damaged stores was true once, opens strictly, and says what is missing; the damaged store stays as it is. */
@Tag("campaign")
final class SalvageTest {
    private static final String CHECKPOINT = "checkpoint-0000000001";

    @ParameterizedTest
    @EnumSource
    void soundStoreIsSavedWhole(End end) {
        SmallStore store = SmallStore.of(end);
        for (SalvageMode mode : SalvageMode.values()) {
            SimulatedDisk into = new SimulatedDisk();

            SalvageReport report = SimulatedSalvage.run(store.files().toDisk(), into, mode);

            assertThat(report.revision()).isEqualTo(store.revision());
            assertThat(report.newestRevision()).isEqualTo(store.revision());
            assertThat(report.newRevision()).isGreaterThan(store.revision());
            assertThat(report.commitsLeftOut()).isZero();
            assertThat(report.findings()).isEmpty();
            assertThat(contents(into)).isEqualTo(store.states().get(store.revision()));
        }
    }

    @Test
    void everyByteDamagedLeavesAStateThatOnceWas() {
        Campaign campaign = new Campaign("salvage");
        for (End end : End.values()) {
            SmallStore store = SmallStore.of(end);
            Records records = Records.of(store);
            for (String name : store.files().names()) {
                int step = Scale.pick(149, 2, 1);
                for (int at = 0; at < store.files().contentOf(name).length; at += step) {
                    StoredFiles damaged = store.files().withChange(name, at, 1 << (at % 8));
                    savePrefix(store, damaged, "%s, %s, byte %d".formatted(end, name, at), campaign);
                    saveRecords(store, records, damaged, "%s, %s, byte %d".formatted(end, name, at), campaign);
                }
            }
            for (String name : store.files().names()) {
                savePrefix(store, store.files().without(name), end + " without " + name, campaign);
                saveRecords(store, records, store.files().without(name), end + " without " + name, campaign);
                for (int length = 0; length < store.files().contentOf(name).length; length += Scale.pick(499, 9, 1)) {
                    StoredFiles cut = store.files().cut(name, length);
                    savePrefix(store, cut, "%s, %s cut to %d".formatted(end, name, length), campaign);
                    saveRecords(store, records, cut, "%s, %s cut to %d".formatted(end, name, length), campaign);
                }
            }
        }
        campaign.atLeast("prefixes", Scale.pick(300, 20_000, 40_000));
        campaign.atLeast("records one by one", Scale.pick(300, 20_000, 40_000));
        campaign.end();
    }

    private static void savePrefix(SmallStore store, StoredFiles damaged, String what, Campaign campaign) {
        SimulatedDisk from = damaged.toDisk();
        SimulatedDisk into = new SimulatedDisk();
        try {
            SalvageReport report = SimulatedSalvage.run(from, into, SalvageMode.PREFIX);
            assertThat(contents(into)).as(what).isEqualTo(store.states().get(report.revision()));
            assertThat(report.newRevision()).as(what).isGreaterThan(report.newestRevision());
            if (report.revision() < store.revision() && report.newestRevision() >= store.revision()) {
                assertThat(report.findings()).as(what).isNotEmpty();
            }
            campaign.count(report.revision() == store.revision() ? "whole" : "shorter");
        } catch (KvException.Corrupt | KvException.UnsupportedFormat unprovable) {
            assertThat(unprovable).as(what).hasMessageContaining("simulated");
            assertThat(StoredFiles.of(into).names()).as(what).isEmpty();
            campaign.count("without a provable state");
        } catch (RuntimeException e) {
            throw new AssertionError(what, e);
        }
        assertThat(damaged.differencesTo(from)).as(what).isEmpty();
        campaign.count("prefixes");
    }

    private static void saveRecords(
            SmallStore store, Records records, StoredFiles damaged, String what, Campaign campaign) {
        SimulatedDisk from = damaged.toDisk();
        SimulatedDisk into = new SimulatedDisk();
        try {
            SalvageReport report = SimulatedSalvage.run(from, into, SalvageMode.RECORDS);
            try (KvStore saved = SmallStore.open(into, Recovery.STRICT)) {
                Set<String> held = Records.in(saved);
                assertThat(records.everHeld).as(what).containsAll(held);
                assertThat(saved.admin().verify().findings()).as(what).isEmpty();
                if (!held.containsAll(records.last)) {
                    assertThat(report.findings()).as(what).isNotEmpty();
                }
            }
        } catch (KvException.UnsupportedFormat nothingLeft) {
            assertThat(damaged.names()).as(what).hasSizeLessThan(2);
        } catch (RuntimeException e) {
            throw new AssertionError(what, e);
        }
        assertThat(damaged.differencesTo(from)).as(what).isEmpty();
        campaign.count("records one by one");
    }

    /** Opened strictly, found sound, and with indexes that say what its records do. */
    private static String contents(SimulatedDisk disk) {
        try (KvStore store = SmallStore.open(disk, Recovery.STRICT)) {
            String contents = SmallStore.contents(store);
            assertThat(store.admin().recovery().findings()).isEmpty();
            assertThat(store.admin().verify().findings()).isEmpty();
            return contents;
        }
    }

    /** Records as text, with their versions. */
    private static final class Records {
        final Set<String> everHeld = new HashSet<>();
        final Set<String> last = new TreeSet<>();

        static Records of(SmallStore store) {
            Records records = new Records();
            for (StoredFiles state : store.earlier()) {
                try (KvStore then = SmallStore.open(state.toDisk(), Recovery.DROP_TORN_TAIL)) {
                    records.everHeld.addAll(in(then));
                }
            }
            try (KvStore now = SmallStore.open(store.files().toDisk(), Recovery.DROP_TORN_TAIL)) {
                records.last.addAll(in(now));
                records.everHeld.addAll(records.last);
            }
            return records;
        }

        static Set<String> in(KvStore store) {
            Set<String> records = new TreeSet<>();
            store.in(SmallStore.BOOKS).scan().forEach(entry -> records.add(entry.toString()));
            store.in(SmallStore.SESSIONS).scan().forEach(entry -> records.add(entry.toString()));
            for (Entry<String, byte[]> entry : store.in(SmallStore.BLOBS).scan()) {
                records.add(entry.key() + " " + entry.version() + " " + Arrays.hashCode(entry.value()));
            }
            return records;
        }
    }

    @Test
    void prefixEndsBeforeTheFirstDamagedFrameAndTellsWhatWasLeftOut() {
        SmallStore store = SmallStore.of(End.WITHOUT_CHECKPOINT);
        String second = store.files().segments().get(1);
        SimulatedDisk into = new SimulatedDisk();

        SalvageReport report = SimulatedSalvage.run(
                store.files().withChange(second, 64 + 30, 1).toDisk(), into, SalvageMode.PREFIX);

        assertThat(report.revision()).isPositive().isLessThan(store.revision());
        assertThat(report.newestRevision()).isEqualTo(store.revision());
        assertThat(report.commitsLeftOut()).isPositive().isLessThan(store.revision() - report.revision());
        assertThat(report.findings())
                .extracting(Object::toString)
                .anySatisfy(finding ->
                        assertThat(finding).contains(second, "bytes 64 to").contains("hold no whole frame"))
                .anySatisfy(finding -> assertThat(finding)
                        .contains("revisions %d to %d are lost or left out"
                                .formatted(report.revision() + 1, store.revision())));
    }

    @Test
    void damagedCheckpointLeavesItsOtherBlocksAndTheLogBehindIt() {
        SmallStore store = SmallStore.of(End.CLOSED);
        StoredFiles damaged = store.files().withChange(CHECKPOINT, inBlockOf(store, "Title 9"), 4);

        assertThatThrownBy(() -> SimulatedSalvage.run(damaged.toDisk(), new SimulatedDisk(), SalvageMode.PREFIX))
                .isInstanceOf(KvException.Corrupt.class)
                .hasMessageContaining("SalvageMode.RECORDS");

        SimulatedDisk into = new SimulatedDisk();
        SalvageReport report = SimulatedSalvage.run(damaged.toDisk(), into, SalvageMode.RECORDS);

        assertThat(report.findings())
                .extracting(Object::toString)
                .anySatisfy(finding -> assertThat(finding)
                        .contains(
                                CHECKPOINT,
                                "bytes ",
                                "of the image hold a block that is damaged",
                                "19 entries are lost"));
        try (KvStore saved = SmallStore.open(into, Recovery.STRICT)) {
            assertThat(saved.in(SmallStore.BOOKS).scan().keys())
                    .contains(1, 6, 8, 21, 39)
                    .doesNotContain(9, 20);
            assertThat(saved.in(SmallStore.BOOKS)
                            .by(SmallStore.BY_AUTHOR)
                            .eq("Author 1")
                            .toList())
                    .allSatisfy(entry -> assertThat(entry.value().author()).isEqualTo("Author 1"))
                    .hasSizeGreaterThan(5);
            assertThat(saved.in(SmallStore.SESSIONS).scan().values()).containsExactly("lamp", "door", "window");
        }
    }

    private static int inBlockOf(SmallStore store, String text) {
        String content = new String(store.files().contentOf(CHECKPOINT), StandardCharsets.ISO_8859_1);
        return content.indexOf(text);
    }

    @Test
    void recordsWhoseDefinitionIsLostAreKeptAsBytesUnderAnotherName() {
        SmallStore store = SmallStore.of(End.WITHOUT_LOG);
        String checkpoint = store.files().names().get(1);
        String content = new String(store.files().contentOf(checkpoint), StandardCharsets.ISO_8859_1);
        // The definitions name the codecs of values.
        StoredFiles damaged = store.files().withChange(checkpoint, content.indexOf("json"), 4);
        SimulatedDisk into = new SimulatedDisk();

        SalvageReport report = SimulatedSalvage.run(damaged.toDisk(), into, SalvageMode.RECORDS);

        assertThat(report.findings())
                .extracting(Object::toString)
                .anySatisfy(finding -> assertThat(finding).contains("sessions (salvaged)"));
        Table<byte[], byte[]> kept = Table.of("sessions (salvaged)", Keys.bytes(), Values.bytes());
        try (KvStore saved = SmallStore.open(into, Recovery.STRICT)) {
            assertThat(saved.in(SmallStore.SESSIONS).count()).isZero();
            assertThat(texts(saved.in(kept).scan().values())).contains("lamp", "door", "window");
        }
    }

    private static List<String> texts(Collection<byte[]> values) {
        return values.stream()
                .map(value -> new String(value, StandardCharsets.UTF_8))
                .collect(Collectors.toList());
    }

    @Test
    void filesUnderWrongNamesAreTakenForWhatTheyAre() {
        SmallStore store = SmallStore.of(End.CLOSED);
        List<String> segments = store.files().segments();
        String first = segments.get(0);
        String last = segments.get(segments.size() - 1);
        StoredFiles swapped = store.files()
                .with(first, store.files().contentOf(last))
                .with(last, store.files().contentOf(first));
        SimulatedDisk into = new SimulatedDisk();

        SalvageReport report = SimulatedSalvage.run(swapped.toDisk(), into, SalvageMode.PREFIX);

        assertThat(report.revision()).isEqualTo(store.revision());
        assertThat(contents(into)).isEqualTo(store.states().get(store.revision()));
    }

    @Test
    void filesOfAnotherStoreAreLeftOut() {
        SmallStore store = SmallStore.of(End.CLOSED);
        SmallStore other = SmallStore.of(End.CLOSED);
        String last = store.files().lastSegment();

        SalvageReport report = SimulatedSalvage.run(
                store.files().with(last, other.files().contentOf(last)).toDisk(),
                new SimulatedDisk(),
                SalvageMode.PREFIX);

        assertThat(report.revision()).isLessThan(store.revision());
        assertThat(report.findings())
                .extracting(Object::toString)
                .contains("simulated/" + last + ": it belongs to another store and was left out.");
    }

    @ParameterizedTest
    @EnumSource(names = {"CLOSED", "KILLED", "WITHOUT_CHECKPOINT"})
    void segmentThatWasCutBetweenTwoFramesIsReported(End end) {
        SmallStore store = SmallStore.of(end);
        for (String segment : store.files().segments()) {
            List<Piece> frames = framesOf(store, segment);
            for (Piece frame : frames.subList(Math.min(1, frames.size()), frames.size())) {
                StoredFiles cut = store.files().cut(segment, (int) frame.position());

                SalvageReport report = SimulatedSalvage.run(cut.toDisk(), new SimulatedDisk(), SalvageMode.RECORDS);

                assertThat(report.findings())
                        .extracting(Object::toString)
                        .anySatisfy(finding ->
                                assertThat(finding).contains(segment, frame.position() + " bytes", "it was cut"));
            }
        }
    }

    private static List<Piece> framesOf(SmallStore store, String segment) {
        try (DamagedFiles remains = DamagedFiles.open(store.files().toDisk())) {
            return remains.frames().stream()
                    .filter(frame -> segment.equals("log-%010d".formatted(frame.segment())))
                    .toList();
        }
    }

    @Test
    void lostManifestIsNotNeeded() {
        for (End end : End.values()) {
            SmallStore store = SmallStore.of(end);
            SimulatedDisk into = new SimulatedDisk();

            SalvageReport report =
                    SimulatedSalvage.run(store.files().without("MANIFEST").toDisk(), into, SalvageMode.PREFIX);

            assertThat(report.revision()).isEqualTo(store.revision());
            assertThat(report.findings()).singleElement().asString().contains("MANIFEST");
            assertThat(contents(into)).isEqualTo(store.states().get(store.revision()));
        }
    }

    @Test
    void whateverInterruptsSalvageLeavesNoStore() throws Exception {
        SmallStore store = SmallStore.of(End.CLOSED);
        SimulatedDisk counting = new SimulatedDisk();
        SalvageReport unused = SimulatedSalvage.run(store.files().toDisk(), counting, SalvageMode.PREFIX);
        for (DiskFault fault : new DiskFault[] {DiskFault.ERROR, DiskFault.FULL, DiskFault.POWER_CUT}) {
            for (boolean forEver : new boolean[] {true, false}) {
                for (long call = 1; call <= counting.calls(); call++) {
                    SimulatedDisk into = new SimulatedDisk();
                    into.failAt(call, fault, forEver);
                    requireNoHalfStore(store, into, fault + " at call " + call);
                }
            }
        }
    }

    private static void requireNoHalfStore(SmallStore store, SimulatedDisk into, String what) {
        boolean failed = false;
        try {
            SalvageReport unused = SimulatedSalvage.run(store.files().toDisk(), into, SalvageMode.PREFIX);
        } catch (KvException expected) {
            failed = true;
            assertThat(expected).as(what).isInstanceOf(KvException.Unavailable.class);
        }
        SimulatedDisk left = into.afterKill();
        if (failed && !StoredFiles.of(left).has("MANIFEST")) {
            assertThatThrownBy(() -> {
                        if (StoredFiles.of(left).names().isEmpty()) {
                            throw new KvException.UnsupportedFormat("nothing there");
                        }
                        SmallStore.open(left, Recovery.DROP_TORN_TAIL).close();
                    })
                    .as(what)
                    .isInstanceOfAny(KvException.UnsupportedFormat.class, KvException.Corrupt.class);
            return;
        }
        assertThat(contents(left)).as(what).isEqualTo(store.states().get(store.revision()));
    }

    @Test
    void targetThatHoldsAnythingIsRefused(@TempDir Path home) throws Exception {
        Path damaged = home.resolve("damaged");
        Kvist.open(damaged).close();
        Path into = Files.createDirectory(home.resolve("into"));
        Files.writeString(into.resolve("notes.txt"), "mine");

        assertThatThrownBy(() -> Kvist.salvage(damaged, into))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        into + " is not empty; a new store replaces nothing. Name a directory that does not exist.");
        assertThatThrownBy(() -> Kvist.salvage(damaged, into.resolve("notes.txt")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is a file");
        assertThatThrownBy(() -> Kvist.salvage(damaged, damaged.resolve("new")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("in which nothing is changed");
        assertThatThrownBy(() -> Kvist.salvage(into, home.resolve("new")))
                .isInstanceOf(KvException.UnsupportedFormat.class)
                .hasMessageContaining("Name the directory of a store");
        assertThat(home.resolve("new")).doesNotExist();
    }

    @Test
    void storeInUseIsNotSalvaged(@TempDir Path home) {
        Path directory = home.resolve("busy");
        try (KvStore busy = Kvist.open(directory)) {
            assertThatThrownBy(() -> Kvist.salvage(directory, home.resolve("new")))
                    .isInstanceOf(KvException.Locked.class);
        }
        assertThat(home.resolve("new")).doesNotExist();
    }

    @Test
    void directoryOfADiskIsSalvagedAndWrittenFurther(@TempDir Path home) throws Exception {
        Table<String, String> words = Table.of("words", Keys.string(), Values.string());
        Path damaged = home.resolve("damaged");
        try (KvStore store = Kvist.open(damaged)) {
            store.in(words).put("one", "ett");
            store.in(words).put("two", "to");
        }
        Path log = damaged.resolve("log-0000000001");
        byte[] bytes = Files.readAllBytes(log);
        bytes[bytes.length - 1] ^= 1;
        Files.write(log, bytes);
        Path into = home.resolve("saved");

        SalvageReport report = Kvist.salvage(damaged, into);

        assertThat(report.revision()).isEqualTo(1);
        assertThat(report.records()).isEqualTo(1);
        try (KvStore saved = Kvist.open(into)) {
            assertThat(saved.revision()).isEqualTo(report.newRevision()).isEqualTo(3);
            assertThat(saved.in(words).get("one")).contains("ett");
            saved.in(words).put("two", "to");
        }
        try (KvStore again = Kvist.open(into)) {
            assertThat(again.in(words).count()).isEqualTo(2);
        }
    }
}
