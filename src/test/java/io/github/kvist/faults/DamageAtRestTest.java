// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.api.Recovery;
import io.github.kvist.faults.DamageJudge.Fate;
import io.github.kvist.faults.SmallStore.End;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What disks do to files that nobody writes to: every bit, every length, and files that are not where they belong.
 *
 * <p>Whatever it is, the store is refused with file, place and remedy, and left as it is; or it holds exactly what it held. The end of a
 * store that was <em>not</em> closed may be taken for the end that a crash leaves, and is reported then. After a clean close nothing is ever
 * missing.
 */
@Tag("campaign")
final class DamageAtRestTest {
    private static final int[] BLOCKS = {8, 64, 512, 4096};

    private static final int BATCH = 2_000;

    private final Campaign campaign = new Campaign("damage at rest");

    /** More than there are cores: an opening waits for threads of its own now and then. */
    private final ForkJoinPool threads = new ForkJoinPool(4);

    private final List<Runnable> batch = new ArrayList<>();

    @Test
    void damagedStoreIsRefusedOrRight() {
        for (End end : End.values()) {
            SmallStore store = SmallStore.of(end);
            SmallStore other = SmallStore.of(end);
            DamageJudge judge = new DamageJudge(store, Recovery.DROP_TORN_TAIL);
            assertThat(judge.judge(store.files(), "undamaged")).isEqualTo(Fate.WHOLE);
            bits(store, judge, end);
            truncations(store, judge, end);
            blocks(store, judge, end);
            stale(store, judge, end);
            additions(store, judge, end);
            wrongPlaces(store, judge, end);
            foreign(store, other, judge, end);
            bursts(store, judge, end);
            missing(store, judge, end);
            judgeBatch();
        }
        threads.shutdown();
        campaign.atLeast("bits", Scale.pick(500, 250_000, 250_000));
        campaign.atLeast("truncations", Scale.pick(500, 30_000, 30_000));
        campaign.atLeast("other damages", Scale.pick(500, 30_000, 30_000));
        campaign.end();
    }

    private void judge(DamageJudge judge, StoredFiles damaged, String kind, String what) {
        batch.add(() -> {
            campaign.count(judge.judge(damaged, what).word);
            campaign.count(kind);
        });
        if (batch.size() == BATCH) {
            judgeBatch();
        }
    }

    private void judgeBatch() {
        threads.submit(() -> batch.parallelStream().forEach(Runnable::run)).join();
        batch.clear();
    }

    private void bits(SmallStore store, DamageJudge judge, End end) {
        StoredFiles files = store.files();
        int at = 0;
        for (String name : files.names()) {
            // Where what a crash leaves has to be told from damage.
            int step = name.equals(files.lastSegment()) ? Scale.pick(67, 1, 1) : Scale.pick(307, 1, 1);
            for (int bit = at; bit < 8 * files.contentOf(name).length; bit += step) {
                String what = "%s, %s, bit %d of byte %d".formatted(end, name, bit % 8, bit / 8);
                judge(judge, files.withChange(name, bit / 8, 1 << (bit % 8)), "bits", what);
            }
            at = (at + 7) % step;
        }
    }

    private void truncations(SmallStore store, DamageJudge judge, End end) {
        int step = Scale.pick(61, 1, 1);
        StoredFiles files = store.files();
        for (String name : files.names()) {
            for (int length = 0; length < files.contentOf(name).length; length += step) {
                judge(
                        judge,
                        files.cut(name, length),
                        "truncations",
                        "%s, %s cut to %d bytes".formatted(end, name, length));
            }
        }
    }

    /** Zeros, ones, and bytes of another place of the same file, as a misdirected write leaves them. */
    private void blocks(SmallStore store, DamageJudge judge, End end) {
        StoredFiles files = store.files();
        for (String name : files.names()) {
            byte[] content = files.contentOf(name);
            for (int size : BLOCKS) {
                byte[] ones = new byte[size];
                Arrays.fill(ones, (byte) 0xff);
                for (int at = 0; at < content.length; at += step(size)) {
                    String what = "%s, %s, %d bytes from %d: ".formatted(end, name, size, at);
                    judge(judge, files.overwritten(name, at, new byte[size]), "other damages", what + "zeros");
                    judge(judge, files.overwritten(name, at, ones), "other damages", what + "ones");
                    int from = (at + 3 * size) % content.length / 8 * 8;
                    byte[] elsewhere = Arrays.copyOfRange(content, from, Math.min(content.length, from + size));
                    judge(judge, files.overwritten(name, at, elsewhere), "other damages", what + "those from " + from);
                }
            }
        }
    }

    private static int step(int size) {
        return Math.max(8, size / 4) * Scale.pick(397, 1, 1);
    }

    /** What the same file, or the same place of it, held earlier, or holds in a copy that went its own way. */
    private void stale(SmallStore store, DamageJudge judge, End end) {
        StoredFiles files = store.files();
        int state = 0;
        List<StoredFiles> others = new ArrayList<>(store.earlier());
        others.add(store.diverged());
        for (StoredFiles earlier : others) {
            state++;
            for (String name : earlier.names()) {
                byte[] old = earlier.contentOf(name);
                String what = "%s, %s as it was in state %d".formatted(end, name, state);
                if (files.has(name) && Arrays.equals(old, files.contentOf(name))) {
                    continue;
                }
                judge(judge, files.with(name, old), "other damages", what);
                if (!files.has(name)) {
                    continue;
                }
                for (int size : BLOCKS) {
                    int step = size * (earlier == store.diverged() ? Scale.pick(3, 1, 1) : Scale.pick(61, 1, 1));
                    for (int at = 0; at < Math.min(old.length, files.contentOf(name).length); at += step) {
                        byte[] piece = Arrays.copyOfRange(old, at, Math.min(old.length, at + size));
                        judge(
                                judge,
                                files.overwritten(name, at, piece),
                                "other damages",
                                what + ", " + size + " bytes from " + at);
                    }
                }
            }
        }
    }

    private void additions(SmallStore store, DamageJudge judge, End end) {
        StoredFiles files = store.files();
        Random random = new Random(5);
        for (String name : files.names()) {
            for (int length : new int[] {1, 2, 7, 8, 9, 56, 63, 64, 100, 512, 513, 5000}) {
                byte[] garbage = new byte[length];
                String what = "%s, %s with %d bytes more: ".formatted(end, name, length);
                judge(judge, files.appended(name, garbage), "other damages", what + "zeros");
                random.nextBytes(garbage);
                judge(judge, files.appended(name, garbage), "other damages", what + "garbage");
                byte[] own = files.contentOf(name);
                byte[] copy = Arrays.copyOfRange(own, Math.max(0, own.length - length), own.length);
                judge(judge, files.appended(name, copy), "other damages", what + "its own end once more");
            }
            judge(judge, files.appended(name, files.contentOf(name)), "other damages", end + ", " + name + " twice");
        }
    }

    /** Swapped, duplicated and renumbered: each file in the place of each other, and of some that were not there. */
    private void wrongPlaces(SmallStore store, DamageJudge judge, End end) {
        StoredFiles files = store.files();
        List<String> places = new ArrayList<>(files.names());
        for (int number = 1; number <= 12; number++) {
            places.add("log-%010d".formatted(number));
            places.add("checkpoint-%010d".formatted(number));
        }
        int tried = 0;
        for (String from : files.names()) {
            for (String to : places) {
                if (tried++ % Scale.pick(13, 1, 1) != 0) {
                    continue;
                }
                byte[] content = files.contentOf(from);
                StoredFiles copied = files.with(to, content);
                judge(judge, copied, "other damages", end + ", " + from + " copied to " + to);
                if (to.equals(from)) {
                    continue;
                }
                judge(judge, copied.without(from), "other damages", end + ", " + from + " renamed to " + to);
                if (files.has(to)) {
                    judge(
                            judge,
                            copied.with(from, files.contentOf(to)),
                            "other damages",
                            end + ", " + from + " and " + to + " swapped");
                }
            }
        }
    }

    /** Files of another store that was made by the same program, some of them or all but some. */
    private void foreign(SmallStore store, SmallStore other, DamageJudge judge, End end) {
        List<String> names = store.files().names();
        for (int chosen = 1; chosen < (1 << names.size()) - 1; chosen += Scale.pick(17, 1, 1)) {
            StoredFiles mixed = store.files();
            for (int i = 0; i < names.size(); i++) {
                if ((chosen & (1 << i)) != 0) {
                    mixed = mixed.with(names.get(i), other.files().contentOf(names.get(i)));
                }
            }
            judge(judge, mixed, "other damages", end + ", files of another store: " + Integer.toBinaryString(chosen));
        }
    }

    /** Several changes at once, anywhere. */
    private void bursts(SmallStore store, DamageJudge judge, End end) {
        Random random = new Random(11);
        StoredFiles files = store.files();
        List<String> names = files.names();
        for (int i = 0; i < Scale.pick(100, 10_000, 1_000_000); i++) {
            StoredFiles damaged = files;
            for (int changes = 2 + random.nextInt(4); changes > 0; changes--) {
                String name = names.get(random.nextInt(names.size()));
                int at = random.nextInt(files.contentOf(name).length);
                damaged = damaged.withChange(name, at, 1 + random.nextInt(255));
            }
            judge(judge, damaged, "other damages", end + ", burst " + i);
        }
    }

    /** Every set of files but all: an empty directory is one for a new store, and nobody can know better. */
    private void missing(SmallStore store, DamageJudge judge, End end) {
        List<String> names = store.files().names();
        for (int gone = 1; gone < (1 << names.size()) - 1; gone += Scale.pick(17, 1, 1)) {
            StoredFiles rest = store.files();
            for (int i = 0; i < names.size(); i++) {
                if ((gone & (1 << i)) != 0) {
                    rest = rest.without(names.get(i));
                }
            }
            judge(judge, rest, "other damages", end + ", missing: " + Integer.toBinaryString(gone));
        }
    }
}
