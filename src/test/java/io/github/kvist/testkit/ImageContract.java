// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.kvist.api.Admin;
import io.github.kvist.api.Capability;
import io.github.kvist.api.Entry;
import io.github.kvist.api.Index;
import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.Snapshot;
import io.github.kvist.api.Table;
import io.github.kvist.api.WriteTransaction;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A whole store as one stream of bytes, and back. */
@Needs(Capability.IMAGES)
abstract class ImageContract extends StoreContract {

    static byte[] image(KvStore store) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Snapshot snapshot = store.snapshot()) {
            snapshot.writeTo(bytes);
        }
        return bytes.toByteArray();
    }

    private static InputStream stream(byte[] image) {
        return new ByteArrayInputStream(image);
    }

    private byte[] imageOfSomePeople() {
        put(Person.of("ann", "Oslo", "x", "y").withEmail("a@x"));
        put(Person.of("bob", "Bergen"));
        store.in(WORDS).put("a", "1");
        return image(store);
    }

    private static List<Entry<String, Person>> people(KvStore store) {
        return store.in(PEOPLE).scan().toList();
    }

    @Test
    void restoredStoreHoldsRecordsIndexesVersionsAndRevision() {
        byte[] image = imageOfSomePeople();
        StoreHome home = newHome();
        try (KvStore other = home.open(Options.defaults())) {
            other.admin().restore(stream(image));

            assertThat(people(other)).isEqualTo(people(store));
            assertThat(other.in(PEOPLE).by(BY_CITY).eq("Oslo").keys()).containsExactly("ann");
            assertThat(other.in(PEOPLE).by(BY_EMAIL).one("a@x")).isPresent();
            assertThat(other.revision()).isEqualTo(store.revision());
            assertThat(other.admin().verify().findings()).isEmpty();
            other.in(WORDS).put("b", "2");
            assertThat(other.revision()).isEqualTo(store.revision() + 1);
        }
        try (KvStore reopened = home.open(Options.defaults())) {
            assertThat(people(reopened)).isEqualTo(people(store));
            assertThat(reopened.in(WORDS).scan().values()).containsExactly("1", "2");
            assertThat(reopened.revision()).isEqualTo(store.revision() + 1);
            assertThat(reopened.admin().verify().findings()).isEmpty();
        }
        home.close();
    }

    @Test
    void restoredStoreIsThereAfterReopeningWithoutAnotherWrite() {
        byte[] image = imageOfSomePeople();
        List<Entry<String, Person>> people = people(store);
        store.admin().restore(stream(image), true);
        long revision = store.revision();

        reopen();

        assertThat(people(store)).isEqualTo(people);
        assertThat(store.revision()).isEqualTo(revision);
    }

    @Test
    void imageShowsItsSnapshotAndNothingLater() {
        store.in(WORDS).put("a", "1");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Snapshot snapshot = store.snapshot()) {
            store.in(WORDS).put("a", "2");
            snapshot.writeTo(bytes);
        }

        store.admin().restore(stream(bytes.toByteArray()), true);

        assertThat(store.in(WORDS).get("a")).contains("1");
    }

    @Test
    void restoreWantsAnEmptyStore() {
        byte[] image = imageOfSomePeople();

        assertThatThrownBy(() -> store.admin().restore(stream(image))).isInstanceOf(IllegalStateException.class);
        store.in(PEOPLE).clear();
        store.in(WORDS).clear();
        store.admin().restore(stream(image));

        assertThat(store.in(PEOPLE).count()).isEqualTo(2);
    }

    @Test
    void replacingRestoreGoesOnFromTheHigherRevision() {
        byte[] image = imageOfSomePeople();
        for (int i = 0; i < 5; i++) {
            store.in(WORDS).put("later", "" + i);
        }
        long before = store.revision();

        store.admin().restore(stream(image), true);

        assertThat(store.revision()).isEqualTo(before + 1);
        assertThat(store.in(WORDS).scan().values()).containsExactly("1");
        store.in(WORDS).put("b", "2");
        reopen();
        assertThat(store.in(WORDS).scan().values()).containsExactly("1", "2");
        assertThat(store.revision()).isEqualTo(before + 2);
    }

    @Test
    void storeCanBeReplacedAgainAndAgain() {
        byte[] image = imageOfSomePeople();
        for (int i = 0; i < 4; i++) {
            store.in(WORDS).put("more" + i, "x".repeat(100));
            store.admin().restore(stream(image), true);
            store.in(WORDS).put("after" + i, "x");
            if (i % 2 == 1) {
                reopen();
            }
        }

        assertThat(store.in(WORDS).scan().keys()).containsExactly("a", "after3");
        assertThat(store.admin().verify().findings()).isEmpty();
    }

    @Test
    void versionsGoOnAboveThoseOfTheImage() {
        byte[] image = imageOfSomePeople();
        StoreHome home = newHome();
        try (KvStore other = home.open(Options.defaults())) {
            other.admin().restore(stream(image));
            other.in(WORDS).put("b", "2");

            long newest = other.in(WORDS).entry("b").orElseThrow().version().stamp();
            assertThat(other.in(PEOPLE).scan().stream()
                            .map(entry -> entry.version().stamp()))
                    .allMatch(stamp -> stamp < newest);
        }
        home.close();
    }

    @Test
    void emptyStoreHasAnImageToo() {
        byte[] image = image(store);
        store.in(WORDS).put("a", "1");

        store.admin().restore(stream(image), true);

        assertThat(store.in(WORDS).count()).isZero();
        store.in(WORDS).put("b", "2");
        reopen();
        assertThat(store.in(WORDS).scan().keys()).containsExactly("b");
    }

    @Test
    void largeValuesAndManyEntriesComeBack() {
        Random random = new Random(1);
        store.update(tx -> {
            for (long i = 0; i < 20_000; i++) {
                tx.in(BLOBS).put(i, new byte[(int) (i % 40)]);
            }
            for (long i = 0; i < 3; i++) {
                byte[] large = new byte[100_000];
                random.nextBytes(large);
                tx.in(BLOBS).put(i * 5_000, large);
            }
        });
        byte[] image = image(store);
        byte[] large = store.in(BLOBS).getOrNull(5_000L);
        store.in(BLOBS).clear();

        store.admin().restore(stream(image));

        assertThat(store.in(BLOBS).count()).isEqualTo(20_000);
        assertThat(store.in(BLOBS).getOrNull(5_000L)).isEqualTo(large);
        assertThat(image(store).length).isEqualTo(image.length);
    }

    @Test
    void imageThatWasAlteredAtAnyByteIsRefusedAndChangesNothing() {
        byte[] image = imageOfSomePeople();
        store.in(WORDS).put("kept", "1");
        long revision = store.revision();
        for (int at = 0; at < image.length; at++) {
            byte[] altered = image.clone();
            altered[at] ^= (byte) (1 << (at % 8));

            Throwable refused = catchThrowable(() -> store.admin().restore(stream(altered), true));

            assertThat(refused)
                    .as("byte %d", at)
                    .isInstanceOfAny(KvException.Corrupt.class, KvException.UnsupportedFormat.class);
        }
        assertThat(store.revision()).isEqualTo(revision);
        assertThat(store.in(WORDS).scan().keys()).containsExactly("a", "kept");
    }

    @Test
    void imageThatWasCutAnywhereOrIsTooLongIsRefusedAndChangesNothing() {
        byte[] image = imageOfSomePeople();
        long revision = store.revision();
        for (int length = 0; length < image.length; length++) {
            byte[] cut = Arrays.copyOf(image, length);

            assertThatThrownBy(() -> store.admin().restore(stream(cut), true))
                    .as("%d bytes", length)
                    .isInstanceOf(KvException.Corrupt.class);
        }
        byte[] longer = Arrays.copyOf(image, image.length + 1);
        assertThatThrownBy(() -> store.admin().restore(stream(longer), true)).isInstanceOf(KvException.Corrupt.class);
        assertThat(store.revision()).isEqualTo(revision);
    }

    @Test
    void streamThatFailsOnTheWayChangesNothing() {
        byte[] image = imageOfSomePeople();
        InputStream failing = new InputStream() {
            private int at;

            @Override
            public int read() throws IOException {
                if (at == image.length / 2) {
                    throw new IOException("the line is dead");
                }
                return image[at++] & 0xFF;
            }
        };

        assertThatThrownBy(() -> store.admin().restore(failing, true))
                .isInstanceOf(KvException.Unavailable.class)
                .hasRootCauseMessage("the line is dead");
        assertThat(store.in(PEOPLE).count()).isEqualTo(2);
    }

    @Test
    void restoreTellsOfBytesReadAndThenCommits() {
        store.update(tx -> {
            for (long i = 0; i < 20_000; i++) {
                tx.in(BLOBS).put(i, new byte[100]);
            }
        });
        byte[] image = image(store);
        store.in(BLOBS).clear();
        long revision = store.revision();
        ProgressLog told = new ProgressLog();

        store.admin().restore(stream(image), true, (done, total) -> {
            assertThat(store.revision()).isEqualTo(revision);
            told.progressed(done, total);
        });

        told.requireRisingTo(image.length, -1);
        assertThat(store.in(BLOBS).count()).isEqualTo(20_000);
    }

    @Test
    void listenerEndsARestoreWhichChangesNothing() {
        byte[] image = imageOfSomePeople();
        store.in(WORDS).put("a", "2");
        long revision = store.revision();

        assertThatThrownBy(() -> store.admin().restore(stream(image), true, new ProgressLog(0)))
                .isInstanceOf(ProgressLog.Enough.class);

        assertThat(store.revision()).isEqualTo(revision);
        reopen();
        assertThat(store.in(WORDS).get("a")).contains("2");
        assertThat(store.revision()).isEqualTo(revision);
    }

    @Test
    void streamThatCannotBeWrittenToIsReported() {
        imageOfSomePeople();
        OutputStream full = new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                throw new IOException("no space");
            }
        };
        try (Snapshot snapshot = store.snapshot()) {
            assertThatThrownBy(() -> snapshot.writeTo(full))
                    .isInstanceOf(KvException.Unavailable.class)
                    .hasRootCauseMessage("no space");
        }
    }

    @Test
    void closedSnapshotWritesNothing() {
        Snapshot snapshot = store.snapshot();
        snapshot.close();

        assertThatThrownBy(() -> snapshot.writeTo(new ByteArrayOutputStream())).isInstanceOf(KvException.Closed.class);
    }

    @Test
    void transactionsUnderWayConflictWithARestore() {
        byte[] image = imageOfSomePeople();
        try (WriteTransaction tx = store.begin()) {
            tx.in(WORDS).put("blind", "1");
            store.admin().restore(stream(image), true);

            assertThatThrownBy(tx::commit).isInstanceOf(KvException.Conflict.class);
        }
    }

    @Test
    void openSnapshotStaysAsItIs() {
        byte[] image = imageOfSomePeople();
        store.in(WORDS).put("a", "2");
        try (Snapshot snapshot = store.snapshot()) {
            store.admin().restore(stream(image), true);

            assertThat(snapshot.in(WORDS).get("a")).contains("2");
            assertThat(snapshot.in(PEOPLE).by(BY_CITY).eq("Oslo").keys()).containsExactly("ann");
        }
    }

    @Test
    void restoreInsideAWriteIsWrongUse() {
        byte[] image = image(store);
        store.update(tx -> assertThatThrownBy(() -> store.admin().restore(stream(image), true))
                .isInstanceOf(IllegalStateException.class));
    }

    @Test
    void tableWithAnotherCodecIsRefusedAndNothingChanges() {
        store.in(WORDS).put("a", "1");
        byte[] image = image(store);
        StoreHome home = newHome();
        try (KvStore other = home.open(Options.defaults())) {
            Table<Long, String> words = Table.of("words", Keys.int64(), Values.string());
            other.in(words).put(1L, "x");

            Admin admin = other.admin();
            assertThatThrownBy(() -> admin.restore(stream(image), true)).isInstanceOf(IllegalStateException.class);
            assertThat(other.in(words).get(1L)).contains("x");
        }
        home.close();
    }

    @Test
    void definitionsAreThoseOfTheImage() {
        Index<String, String> byValue = Index.of("by_value", Keys.string(), value -> value);
        Table<String, String> indexed =
                Table.of("words", Keys.string(), Values.string()).with(byValue);
        store.in(WORDS).put("plain", "1");
        byte[] image = image(store);
        StoreHome home = newHome();
        try (KvStore other = home.open(Options.defaults())) {
            other.in(indexed).put("indexed", "2");

            other.admin().restore(stream(image), true);

            assertThat(other.in(indexed).by(byValue).eq("1").keys()).containsExactly("plain");
            other.in(indexed).put("more", "1");
            assertThat(other.in(indexed).by(byValue).eq("1").keys()).containsExactly("more", "plain");
            assertThat(other.admin().verify().findings()).isEmpty();
        }
        home.close();
    }

    @Test
    void forkOfARestoredStoreIsLikeAnyOther() {
        byte[] image = imageOfSomePeople();
        store.admin().restore(stream(image), true);
        try (Snapshot snapshot = store.snapshot();
                KvStore fork = snapshot.fork()) {
            fork.in(WORDS).put("b", "2");
            fork.admin().restore(stream(image), true);
            assertThat(fork.in(WORDS).scan().keys()).containsExactly("a");
        }
    }
}
