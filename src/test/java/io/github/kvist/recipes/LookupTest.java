// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.recipes;

import static io.github.kvist.recipes.Lookup.ROWS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.Kvist;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LookupTest {

    private static final int ROW_COUNT = 25_000; // more than two batches
    private static final List<String> SAMPLE = List.of("row 0", "row 9999", "row 10000", "row 24999");
    private static final int READERS = 2;

    @TempDir
    private Path directory;

    private KvStore store;
    private Lookup lookup;

    @BeforeEach
    void open() {
        store = Kvist.open("file:" + directory.resolve("app") + "?durability=os", Options.defaults());
        lookup = new Lookup(store);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void nothingIsFoundBeforeTheFirstLoad() {
        assertThat(lookup.find("row 0")).isEmpty();
        assertThat(lookup.findAll(SAMPLE)).isEmpty();
    }

    @Test
    void aLoadReplacesEverything() {
        lookup.load(Map.of("gone", "old", "changed", "old").entrySet().iterator());
        lookup.load(Map.of("changed", "new", "fresh", "new").entrySet().iterator());

        assertThat(lookup.find("gone")).isEmpty();
        assertThat(lookup.findAll(List.of("gone", "changed", "fresh")))
                .isEqualTo(Map.of("changed", "new", "fresh", "new"));
    }

    @Test
    void theOldGenerationIsServedUntilTheLoadIsComplete() {
        lookup.load(rows("old"));

        lookup.load(watched(rows("new"), () -> assertThat(lookup.find("row 0")).contains("old")));

        assertThat(lookup.find("row 0")).contains("new");
    }

    @Test
    void readersNeverSeeAMixture() throws Exception {
        int loads = 8;
        AtomicBoolean loading = new AtomicBoolean(true);
        lookup.load(rows("generation 0"));

        Together.run(1 + READERS, thread -> () -> {
            if (thread > 0) {
                do {
                    Map<String, String> found = lookup.findAll(SAMPLE);
                    assertThat(found).containsOnlyKeys(SAMPLE);
                    assertThat(found.values()).containsOnly(found.get("row 0"));
                } while (loading.get());
                return null;
            }
            for (int i = 1; i <= loads; i++) {
                lookup.load(rows("generation " + i));
            }
            loading.set(false);
            return null;
        });

        assertThat(lookup.find("row 0")).contains("generation " + loads);
    }

    @Test
    void onlyOneGenerationIsKept() {
        lookup.load(rows("old"));
        lookup.load(rows("new"));

        assertThat(store.in(ROWS).count()).isEqualTo(ROW_COUNT);
    }

    @Test
    void aLoadThatFailsChangesNothingAndTheNextOneCleansUp() {
        lookup.load(rows("old"));

        assertThatThrownBy(() -> lookup.load(watched(rows("broken"), new FailAfter(15_000))))
                .hasMessage("source broke");
        assertThat(lookup.findAll(SAMPLE)).hasSameSizeAs(SAMPLE).containsEntry("row 9999", "old");
        assertThat(store.in(ROWS).count()).isGreaterThan(ROW_COUNT);

        lookup.load(rows("new"));
        assertThat(store.in(ROWS).count()).isEqualTo(ROW_COUNT);
    }

    @Test
    void aLoadThatWasOvertakenGivesUp() {
        Runnable overtakeOnce = new Runnable() {
            private boolean done;

            @Override
            public void run() {
                if (!done) {
                    done = true;
                    assertThat(lookup.load(rows("late and fast"))).isTrue();
                }
            }
        };

        assertThat(lookup.load(watched(rows("early and slow"), overtakeOnce))).isFalse();

        assertThat(lookup.find("row 0")).contains("late and fast");
        assertThat(store.in(ROWS).count()).isEqualTo(ROW_COUNT);
    }

    @Test
    void theGenerationServedSurvivesARestart() {
        lookup.load(rows("old"));
        lookup.load(rows("new"));

        close();
        open();

        assertThat(lookup.findAll(SAMPLE)).hasSameSizeAs(SAMPLE).containsEntry("row 24999", "new");
        assertThat(lookup.load(rows("newer"))).isTrue();
    }

    private static Iterator<Map.Entry<String, String>> rows(String value) {
        return IntStream.range(0, ROW_COUNT)
                .mapToObj(i -> Map.entry("row " + i, value))
                .iterator();
    }

    private static Iterator<Map.Entry<String, String>> watched(
            Iterator<Map.Entry<String, String>> source, Runnable beforeEach) {
        return Stream.generate(() -> {
                    beforeEach.run();
                    return source.next();
                })
                .limit(ROW_COUNT)
                .iterator();
    }

    /** A source that ends with an error. */
    private static final class FailAfter implements Runnable {

        private int left;

        FailAfter(int rows) {
            left = rows;
        }

        @Override
        public void run() {
            if (left-- == 0) {
                throw new IllegalStateException("source broke");
            }
        }
    }
}
