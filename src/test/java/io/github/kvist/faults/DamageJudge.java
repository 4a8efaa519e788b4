// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Recovery;
import io.github.kvist.api.RecoveryReport;
import io.github.kvist.format.Frame;
import io.github.kvist.testkit.SimulatedDisk;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * Opens damaged stores and says what became of them. Fails on all that must not be: another error than those for damage, one that
 * names no file or no remedy, a refusal that changed something, contents that never were, contents of before without a word, and an opening that takes long or much memory.
 */
final class DamageJudge {
    private static final Pattern FILE = Pattern.compile("simulated/(MANIFEST|log-\\d{10}|checkpoint-\\d{10})");
    private static final Pattern PLACE = Pattern.compile(
            "byte \\d+|the file is missing|it holds \\d+ bytes|holds \\d+ bytes where|has only \\d+ bytes|belongs to another store|under a wrong name|another checkpoint or of another store|the log ends before it|first bytes");
    private static final Pattern REMEDY =
            Pattern.compile("(?i)restore (a|another) backup|Recovery\\.DROP_TORN_TAIL|Open it with that version");
    private static final long NANOS_MAX = 1_000_000_000;
    private static final long ALLOCATED_MAX = 16 << 20;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** What became of a store. */
    enum Fate {
        REFUSED("refused"),
        /** It holds what it held. */
        WHOLE("whole"),
        /** Its end was cut, and that was reported. */
        REPORTED("cut and reported"),
        /** It looks, byte for byte, like one that was killed earlier. */
        EARLIER("like killed earlier"),
        /** Its end is that of a copy, and nothing in an unclosed store can tell which of both is its own. */
        COPY("like a copy");

        final String word;

        Fate(String word) {
            this.word = word;
        }
    }

    private final SmallStore sound;
    private final Recovery recovery;
    private final AtomicLong judged = new AtomicLong();

    DamageJudge(SmallStore sound, Recovery recovery) {
        this.sound = sound;
        this.recovery = recovery;
    }

    Fate judge(StoredFiles damaged, String what) {
        long number = judged.incrementAndGet();
        long allocated = THREADS.getCurrentThreadAllocatedBytes();
        long began = System.nanoTime();
        SimulatedDisk disk = damaged.toDisk();
        Fate fate;
        try {
            fate = open(damaged, disk, what, number % 32 == 0);
        } catch (KvException.Corrupt | KvException.UnsupportedFormat refusal) {
            requireGoodRefusal(refusal, damaged, disk, what);
            fate = Fate.REFUSED;
        } catch (RuntimeException | Error wrong) {
            throw new AssertionError(what + ": " + wrong, wrong);
        }
        long bytes = THREADS.getCurrentThreadAllocatedBytes() - allocated;
        assertThat(bytes).as("%s: bytes allocated", what).isLessThan(ALLOCATED_MAX);
        if (System.nanoTime() - began > NANOS_MAX) {
            requireQuick(damaged, what);
        }
        return fate;
    }

    private Fate open(StoredFiles damaged, SimulatedDisk disk, String what, boolean thoroughly) {
        try (KvStore store = SmallStore.open(disk, recovery)) {
            long revision = store.revision();
            RecoveryReport report = store.admin().recovery();
            String contents = SmallStore.contents(store);
            String expected = sound.states().get(revision);
            if (!contents.equals(expected)
                    && contents.equals(sound.divergedStates().get(revision))) {
                assertThat(sound.closed() && !damaged.isSameAs(sound.diverged()))
                        .as("%s: holds what a copy of it held", what)
                        .isFalse();
                return Fate.COPY;
            }
            if (!contents.equals(expected)) {
                throw new AssertionError(
                        what + ": revision " + revision + " never held\n" + contents + "\nbut\n" + expected);
            }
            if (thoroughly) {
                assertThat(store.admin().verify().findings()).as(what).isEmpty();
            }
            if (revision == sound.revision()) {
                return Fate.WHOLE;
            }
            assertThat(sound.closed()).as("%s: older after a clean close", what).isFalse();
            assertThat(report.clean()).as("%s: said to be clean", what).isFalse();
            if (!report.findings().isEmpty()) {
                requireNobodyKnewBetter(revision, damaged, what);
                return Fate.REPORTED;
            }
            assertThat(sound.files().isSameBut(sound.files().lastSegment(), damaged))
                    .as("%s: silently went back to revision %d", what, revision)
                    .isTrue();
            return Fate.EARLIER;
        }
    }

    /** What was acknowledged may only be taken for unfinished where no frame is left that knows of it. */
    private void requireNobodyKnewBetter(long revision, StoredFiles damaged, String what) {
        for (String name : sound.files().segments()) {
            byte[] segment = sound.files().contentOf(name);
            byte[] now = damaged.has(name) ? damaged.contentOf(name) : new byte[0];
            for (int at = 64;
                    at + Frame.HEAD <= segment.length && Frame.read(segment, at).position() == at; ) {
                Frame frame = Frame.read(segment, at);
                int end = at + (int) frame.size();
                boolean isLeft = end <= now.length && Arrays.equals(segment, at, end, now, at, end);
                if (isLeft && frame.durableThrough() > revision) {
                    throw new AssertionError(
                            "%s: cut behind revision %d, though the frame at byte %d of %s knows that %d was durable"
                                    .formatted(what, revision, at, name, frame.durableThrough()));
                }
                at = end;
            }
        }
    }

    private void requireGoodRefusal(KvException refusal, StoredFiles damaged, SimulatedDisk disk, String what) {
        String message = String.valueOf(refusal.getMessage());
        if (!FILE.matcher(message).find()
                || !PLACE.matcher(message).find()
                || !REMEDY.matcher(message).find()) {
            throw new AssertionError(what + ": names no file, place or remedy: " + message, refusal);
        }
        List<String> differences = damaged.differencesTo(disk);
        if (!differences.isEmpty()) {
            throw new AssertionError(what + ": refused, and yet " + differences, refusal);
        }
    }

    /** A machine may pause; an opening that is slow is slow again. */
    private void requireQuick(StoredFiles damaged, String what) {
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            SimulatedDisk disk = damaged.toDisk();
            long began = System.nanoTime();
            try {
                SmallStore.open(disk, recovery).close();
            } catch (KvException refused) {
                // How long it took is all that matters here.
            }
            best = Math.min(best, System.nanoTime() - began);
        }
        assertThat(best).as("%s: nanoseconds to open", what).isLessThan(NANOS_MAX);
    }
}
