// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.Index;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.KvException;
import io.github.kvist.api.Options;
import io.github.kvist.api.Table;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The largest keys and values, and stores that take none. */
abstract class LimitsContract extends StoreContract {

    private static final Index<String, String> BY_TEXT = Index.of("by_text", Keys.string(), value -> value);
    private static final Table<String, String> TEXTS =
            Table.of("texts", Keys.string(), Values.string()).with(BY_TEXT);

    private int keyBytes() {
        return store.capabilities().limits().keyBytes();
    }

    @Test
    void longestKeyIsTaken() {
        String longest = "k".repeat(keyBytes());
        store.in(WORDS).put(longest, "1");

        assertThat(store.in(WORDS).get(longest)).contains("1");
        assertThat(store.in(WORDS).scan(KeyRange.exactly(longest)).keys()).containsExactly(longest);
        assertThat(store.in(WORDS).scan(KeyRange.greaterThan(longest)).keys()).isEmpty();
        assertThat(store.in(WORDS).delete(longest)).isTrue();
    }

    @Test
    void longerKeyIsRefusedWithItsSizeAndTheLimit() {
        String tooLong = "k".repeat(keyBytes() + 1);
        store.in(WORDS).put("a", "1");

        for (Runnable call : List.<Runnable>of(
                () -> store.in(WORDS).put(tooLong, "1"),
                () -> store.in(WORDS).putIfAbsent(tooLong, "1"),
                () -> store.in(WORDS).putAll(Map.of("b", "1", tooLong, "1")),
                () -> store.update(tx -> tx.in(WORDS).compute(tooLong, old -> "1")))) {
            assertThatThrownBy(call::run)
                    .isInstanceOf(KvException.LimitExceeded.class)
                    .hasMessageContaining("words")
                    .hasMessageContaining("" + (keyBytes() + 1))
                    .hasMessageContaining("" + keyBytes());
        }
        assertThat(store.in(WORDS).scan().keys()).containsExactly("a");
    }

    @Test
    void keyThatIsTooLongToBeThereIsNotThere() {
        String tooLong = "k".repeat(keyBytes() + 1);
        store.in(WORDS).put("a", "1");

        assertThat(store.in(WORDS).get(tooLong)).isEmpty();
        assertThat(store.in(WORDS).contains(tooLong)).isFalse();
        assertThat(store.in(WORDS).delete(tooLong)).isFalse();
        assertThat(store.in(WORDS).scan(KeyRange.lessThan(tooLong)).keys()).containsExactly("a");
        assertThat(store.in(WORDS).count(KeyRange.atLeast(tooLong))).isZero();
    }

    @Test
    void indexEntryThatWouldBeTooLongIsRefusedAndNothingIsWritten() {
        String key = "k".repeat(keyBytes() / 2);

        assertThatThrownBy(() -> store.in(TEXTS).put(key, "v".repeat(keyBytes() / 2)))
                .isInstanceOf(KvException.LimitExceeded.class)
                .hasMessageContaining("texts")
                .hasMessageContaining("by_text")
                .hasMessageContaining("" + keyBytes());
        assertThat(store.in(TEXTS).count()).isZero();

        store.in(TEXTS).put(key, "v".repeat(keyBytes() / 2 - 1));
        assertThat(store.in(TEXTS).by(BY_TEXT).count(KeyRange.all())).isEqualTo(1);
    }

    @Test
    void readOnlyStoreRefusesEveryWriteAndReads() {
        store.in(WORDS).put("a", "1");
        put(Person.of("ann", "Oslo"));
        reopen(Options.defaults().readOnly());
        long before = store.revision();

        for (Runnable call : List.<Runnable>of(
                () -> store.in(WORDS).put("a", "2"),
                () -> store.in(WORDS).putIfAbsent("a", "2"),
                () -> store.in(WORDS).delete("a"),
                () -> store.in(WORDS).clear(),
                () -> store.in(PEOPLE).delete("ann"),
                () -> store.update(tx -> {}),
                () -> store.begin())) {
            assertThatThrownBy(call::run)
                    .isInstanceOf(KvException.Unsupported.class)
                    .hasMessageContaining("read-only");
        }
        assertThatThrownBy(() -> store.admin().checkpoint()).isInstanceOf(KvException.Unsupported.class);
        assertThat(store.in(WORDS).get("a")).contains("1");
        assertThat(store.in(PEOPLE).by(BY_CITY).eq("Oslo").keys()).containsExactly("ann");
        assertThat(store.admin().verify().findings()).isEmpty();
        assertThat(store.revision()).isEqualTo(before);
    }
}
