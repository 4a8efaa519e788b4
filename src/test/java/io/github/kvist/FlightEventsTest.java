// SPDX-License-Identifier: Apache-2.0
package io.github.kvist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.Durability;
import io.github.kvist.api.Expiry;
import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.Table;
import io.github.kvist.api.WriteTransaction;
import io.github.kvist.backend.file.FileStorage;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import io.github.kvist.testkit.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a flight recording shows of a store. */
final class FlightEventsTest {

    private static final List<String> EVENTS = List.of("Commit", "Sync", "Checkpoint", "Recovery", "Sweep", "Conflict");
    private static final Table<String, String> WORDS = Table.of("words", Keys.string(), Values.string());

    private final SettableClock clock = new SettableClock(Instant.parse("2030-01-01T00:00:00Z"));

    @TempDir
    private Path directory;

    @Test
    void recordingShowsEveryEventWithItsFields() throws IOException {
        List<RecordedEvent> events = recorded(store -> {
            store.in(WORDS).put("a", "1");
            store.in(WORDS).put("gone", "1", Expiry.after(Duration.ofHours(1)));
            lose(store);
            clock.move(Duration.ofHours(2));
            long unused = store.admin().sweep();
            store.admin().checkpoint();
        });

        assertThat(of("Recovery", events).get(0)).satisfies(event -> {
            assertThat(event.getBoolean("clean")).isTrue();
            assertThat(event.getLong("framesReplayed")).isZero();
        });
        assertThat(of("Commit", events))
                .extracting(event -> event.getLong("revision"))
                .containsExactly(1L, 2L, 3L);
        assertThat(of("Commit", events))
                .extracting(event -> event.getString("durability"))
                .contains("SYNC");
        assertThat(of("Sync", events).get(0)).satisfies(event -> {
            assertThat(event.getBoolean("synced")).isTrue();
            assertThat(event.getLong("commits")).isEqualTo(1);
            assertThat(event.getLong("frameBytes")).isPositive();
            assertThat(event.getDuration()).isPositive();
        });
        assertThat(of("Conflict", events)).singleElement().satisfies(event -> {
            assertThat(event.getString("keyspace")).isEqualTo("t/words");
            assertThat(event.getLong("base")).isLessThan(event.getLong("head"));
            assertThat(event.getStackTrace()).isNotNull();
        });
        assertThat(of("Sweep", events))
                .extracting(event -> event.getLong("expired"))
                .containsExactly(1L);
        assertThat(of("Checkpoint", events).get(0)).satisfies(event -> {
            assertThat(event.getBoolean("completed")).isTrue();
            assertThat(event.getLong("entries")).isPositive();
            assertThat(event.getLong("payloadBytes")).isPositive();
        });
    }

    @Test
    void openingLoadsNoEventUnlessSomebodyRecords() throws IOException, InterruptedException {
        Path log = directory.resolve("classes");
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xlog:class+load:file=" + log,
                        "-cp",
                        System.getProperty("java.class.path"),
                        OpenAndPut.class.getName(),
                        directory.resolve("store").toString())
                .inheritIO()
                .start();
        assertThat(child.waitFor(2, TimeUnit.MINUTES)).isTrue();

        assertThat(child.exitValue()).isZero();
        try (var lines = Files.lines(log)) {
            assertThat(lines.filter(line -> line.contains("jdk.jfr.") || line.contains("io.github.kvist.event.")))
                    .allMatch(line -> line.contains("jdk.jfr.FlightRecorder ") || line.contains("event.Flight "))
                    .isNotEmpty();
        }
    }

    /** What a process does that opens a store. */
    static final class OpenAndPut {
        public static void main(String[] arguments) {
            try (KvStore store = Kvist.open(Path.of(arguments[0]))) {
                store.in(WORDS).put("a", "1");
            }
        }
    }

    private void lose(KvStore store) {
        try (WriteTransaction loser = store.begin()) {
            loser.in(WORDS).put("b", loser.in(WORDS).get("a").orElseThrow());
            store.in(WORDS).put("a", "2");
            assertThatThrownBy(loser::commit).isInstanceOf(KvException.Conflict.class);
        }
    }

    private List<RecordedEvent> recorded(Consumer<KvStore> work) throws IOException {
        Path file = directory.resolve("recording.jfr");
        try (Recording recording = new Recording()) {
            for (String event : EVENTS) {
                recording.enable("io.github.kvist." + event).withoutThreshold();
            }
            recording.start();
            Options options = Options.defaults().durability(Durability.SYNC).clock(clock);
            try (KvStore store = Kvist.open(new FileStorage(directory.resolve("store")), options)) {
                work.accept(store);
            }
            recording.stop();
            recording.dump(file);
        }
        return RecordingFile.readAllEvents(file);
    }

    private static List<RecordedEvent> of(String name, List<RecordedEvent> events) {
        List<RecordedEvent> found = events.stream()
                .filter(event -> event.getEventType().getName().equals("io.github.kvist." + name))
                .toList();
        assertThat(found).as(name).isNotEmpty();
        return found;
    }
}
