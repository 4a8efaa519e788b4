// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.Capability;
import io.github.kvist.api.TableReader;
import io.github.kvist.api.TableWriter;
import io.github.kvist.api.Version;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Versions, and changing only what is still as expected; in tables with indexes and without. */
@Needs(Capability.COMPARE_AND_SET)
abstract class CompareAndSetContract extends StoreContract {

    @Test
    void replaceStoresOnlyOverTheExpectedVersion() {
        store.in(WORDS).put("a", "1");
        Version first = version(store.in(WORDS), "a");

        assertThat(store.in(WORDS).replace("a", first, "2")).isTrue();
        assertThat(store.in(WORDS).replace("a", first, "3")).isFalse();
        assertThat(store.in(WORDS).replace("b", first, "3")).isFalse();

        assertThat(store.in(WORDS).scan().values()).containsExactly("2");
    }

    @Test
    void deleteOnlyTheExpectedVersion() {
        store.in(WORDS).put("a", "1");
        Version first = version(store.in(WORDS), "a");
        store.in(WORDS).put("a", "1");

        assertThat(store.in(WORDS).delete("a", first)).isFalse();
        assertThat(store.in(WORDS).delete("b", first)).isFalse();
        assertThat(store.in(WORDS).delete("a", version(store.in(WORDS), "a"))).isTrue();
        assertThat(store.in(WORDS).count()).isZero();
    }

    @Test
    void indexedRecordsToo() {
        put(Person.of("ann", "Oslo"));
        Version first = version(store.in(PEOPLE), "ann");

        assertThat(store.in(PEOPLE).replace("ann", first, Person.of("ann", "Bergen")))
                .isTrue();
        assertThat(store.in(PEOPLE).replace("ann", first, Person.of("ann", "Bodø")))
                .isFalse();
        assertThat(store.in(PEOPLE).delete("ann", first)).isFalse();
        assertThat(store.in(PEOPLE).by(BY_CITY).eq("Bergen").keys()).containsExactly("ann");
        assertThat(store.in(PEOPLE).delete("ann", version(store.in(PEOPLE), "ann")))
                .isTrue();
        assertThat(store.in(PEOPLE).by(BY_CITY).count("Bergen")).isZero();
    }

    @Test
    void everyWriteHasItsOwnVersionAlsoOfAnEqualValue() {
        Set<Version> versions = new HashSet<>();
        store.update(tx -> {
            for (String value : List.of("A", "B", "A", "A")) {
                tx.in(WORDS).put("a", value);
                versions.add(version(tx.in(WORDS), "a"));
            }
            tx.in(WORDS).compute("a", old -> old);
            versions.add(version(tx.in(WORDS), "a"));
        });

        assertThat(versions).hasSize(5).contains(version(store.in(WORDS), "a"));
    }

    @Test
    void versionIsTheSameInTheTransactionAfterTheCommitAndAfterReopening() {
        Version inside = store.write(tx -> {
            tx.in(WORDS).put("a", "1");
            return version(tx.in(WORDS), "a");
        });

        assertThat(version(store.in(WORDS), "a")).isEqualTo(inside);
        reopen();
        assertThat(version(store.in(WORDS), "a")).isEqualTo(inside);
        assertThat(store.in(WORDS).replace("a", Version.parse(inside.toString()), "2"))
                .isTrue();
    }

    @Test
    void noVersionStandsForAbsence() {
        for (long stamp : List.of(-1L, 0L, Long.MAX_VALUE, Long.MIN_VALUE)) {
            for (TableWriter<String, String> words : List.of(store.in(WORDS))) {
                assertThat(words.replace("a", Version.of(stamp), "1")).isFalse();
                assertThat(words.delete("a", Version.of(stamp))).isFalse();
            }
        }
        store.in(WORDS).put("b", "1");
        assertThat(store.in(WORDS).replace("a", Version.of(-1), "1")).isFalse();
        assertThat(store.in(WORDS).delete("a", Version.of(-1))).isFalse();
        assertThat(store.in(WORDS).count()).isEqualTo(1);
    }

    @Test
    void nullVersionsAreRefused() {
        store.in(WORDS).put("a", "1");

        assertThatThrownBy(() -> store.in(WORDS).replace("a", null, "2")).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> store.in(WORDS).delete("a", null)).isInstanceOf(NullPointerException.class);
    }

    private static <V> Version version(TableReader<String, V> table, String key) {
        return table.entry(key).orElseThrow().version();
    }
}
