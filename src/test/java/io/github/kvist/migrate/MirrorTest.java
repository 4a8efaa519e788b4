// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.Kvist;
import io.github.kvist.api.Expiry;
import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Version;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MirrorTest {

    private final KvStore source = Kvist.inMemory();
    private final KvStore target = Kvist.inMemory();

    @AfterEach
    void closeStores() {
        source.close();
        target.close();
    }

    @Test
    void everythingIsCopied() throws Exception {
        Samples.fill(source, 0, 5_000);
        source.in(Samples.WORDS).put("soon", "gone", Expiry.after(Duration.ofHours(1)));

        try (Mirror mirror = Mirror.from(source).to(target)) {
            mirror.awaitCaughtUp();
        }

        assertThat(Samples.contents(target)).isEqualTo(Samples.contents(source));
        assertThat(target.in(Samples.PEOPLE).by(Samples.BY_CITY).eq("city 7").keys())
                .isEqualTo(source.in(Samples.PEOPLE)
                        .by(Samples.BY_CITY)
                        .eq("city 7")
                        .keys());
        assertThat(target.in(Samples.WORDS).entry("soon"))
                .isEqualTo(source.in(Samples.WORDS).entry("soon"));
        assertThat(target.admin().verify().clean()).isTrue();
    }

    @Test
    void whatIsWrittenMeanwhileAndLaterIsAppliedToo() throws Exception {
        Samples.fill(source, 0, 20_000);
        AtomicBoolean stop = new AtomicBoolean();
        Thread writer = Samples.churn(source, stop);

        try (Mirror mirror = Mirror.from(source).to(target)) {
            mirror.awaitCaughtUp();
            Verification beside = mirror.verify();
            stop.set(true);
            writer.join();
            source.in(Samples.WORDS).put("last", "one");
            mirror.awaitCaughtUp();

            assertThat(beside.isClean()).isTrue();
            assertThat(beside.entries()).isGreaterThan(40_000);
        }
        assertThat(Samples.contents(target)).isEqualTo(Samples.contents(source));
        assertThat(target.admin().verify().clean()).isTrue();
    }

    @Test
    void aMirrorThatWasAwayForTooLongComparesEverything() throws Exception {
        Samples.fill(source, 0, 3_000);
        try (Mirror mirror = Mirror.from(source).to(target)) {
            mirror.awaitCaughtUp();
        }
        source.in(Samples.WORDS).delete("word 17");
        source.in(Samples.PEOPLE).delete("name 17");
        for (int i = 0; i < 1_500; i++) {
            source.in(Samples.WORDS).put("word " + ThreadLocalRandom.current().nextInt(3_000), "changed " + i);
        }

        try (Mirror mirror = Mirror.from(source).to(target)) {
            mirror.awaitCaughtUp();

            assertThat(mirror.progress().repaired()).isBetween(1L, 1_600L);
        }
        assertThat(Samples.contents(target)).isEqualTo(Samples.contents(source));
    }

    @Test
    void whatSomebodyChangedInTheTargetIsFoundAndRepaired() throws Exception {
        Samples.fill(source, 0, 5_000);
        try (Mirror mirror = Mirror.from(source).to(target)) {
            mirror.awaitCaughtUp();
            target.in(Samples.WORDS).put("word 4000", "damaged");
            target.in(Samples.WORDS).delete("word 1");
            target.in(Samples.WORDS).put("zzz", "surplus");
            target.in(Samples.WORDS).touch("word 2", Expiry.after(Duration.ofHours(2)));

            Verification first = mirror.verify();
            Verification second = mirror.verify();

            assertThat(first.isClean()).isFalse();
            assertThat(first.repaired()).isEqualTo(4);
            assertThat(second.isClean()).isTrue();
        }
        assertThat(Samples.contents(target)).isEqualTo(Samples.contents(source));
    }

    @Test
    void versionsAreKept() throws Exception {
        source.in(Samples.WORDS).put("a", "1");
        Version version = source.in(Samples.WORDS).entry("a").orElseThrow().version();

        try (Mirror mirror = Mirror.from(source).to(target)) {
            mirror.awaitCaughtUp();
        }

        assertThat(target.in(Samples.WORDS).entry("a").orElseThrow().version()).isEqualTo(version);
    }

    @Test
    void tablesThatTheProgramNeverNamedAreCopied(@TempDir Path directory) throws Exception {
        try (KvStore first = Kvist.open(directory)) {
            Samples.fill(first, 0, 100);
        }

        try (KvStore unnamed = Kvist.open(directory);
                Mirror mirror = Mirror.from(unnamed).to(target)) {
            mirror.awaitCaughtUp();
        }

        assertThat(target.in(Samples.PEOPLE).by(Samples.BY_CITY).count("city 7"))
                .isEqualTo(1);
        assertThat(target.in(Samples.WORDS).count()).isEqualTo(100);
    }

    @Test
    void theTargetHasToBeEmpty() {
        source.in(Samples.WORDS).put("a", "1");
        target.in(Samples.WORDS).put("a", "mine");

        assertThatThrownBy(() -> Mirror.from(source).to(target))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("empty store");
        assertThat(target.in(Samples.WORDS).get("a")).contains("mine");
    }

    @Test
    void theMirrorOfAnotherStoreIsRefused() throws Exception {
        source.in(Samples.WORDS).put("a", "1");
        try (Mirror mirror = Mirror.from(source).to(target)) {
            mirror.awaitCaughtUp();
        }

        try (KvStore other = Kvist.inMemory()) {
            assertThatThrownBy(() -> Mirror.from(other).to(target))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("another store");
        }
    }

    @Test
    void ofTwoMirrorsIntoOneTargetTheSecondGoesOn() throws Exception {
        source.in(Samples.WORDS).put("a", "1");
        try (Mirror first = Mirror.from(source).to(target);
                Mirror second = Mirror.from(source).to(target)) {
            source.in(Samples.WORDS).put("a", "2");
            second.awaitCaughtUp();

            assertThatThrownBy(() -> {
                        while (true) {
                            source.in(Samples.WORDS).put("a", "3");
                            first.awaitCaughtUp();
                        }
                    })
                    .isInstanceOf(KvException.Locked.class);
            second.awaitCaughtUp();
        }
        assertThat(target.in(Samples.WORDS).get("a")).contains("3");
    }

    @Test
    void aStoreIsNoMirrorOfItself() {
        assertThatThrownBy(() -> Mirror.from(source).to(source)).isInstanceOf(IllegalArgumentException.class);
    }
}
