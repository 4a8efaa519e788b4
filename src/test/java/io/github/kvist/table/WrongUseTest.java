// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.Kvist;
import io.github.kvist.api.Index;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.Outcome;
import io.github.kvist.api.Savepoint;
import io.github.kvist.api.Table;
import io.github.kvist.api.WatchOptions;
import io.github.kvist.api.WriteTransaction;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import io.github.kvist.testkit.ReferenceBackend;
import java.io.ByteArrayInputStream;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a store says to a program that asks for what cannot be, and what it does with the unusual. */
final class WrongUseTest {
    private static final Table<String, String> WORDS = Table.of("words", Keys.string(), Values.string());
    private static final Index<String, String> BY_TEXT = Index.of("by_text", Keys.string(), text -> text);

    private final KvStore store = Kvist.inMemory();

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void outcomeWhereNoneAreKeptIsUnknown() {
        assertThat(store.outcome("7")).isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void indexThatTheProgramDefinesIsNotDroppedUnderIt() {
        store.in(WORDS.with(BY_TEXT)).put("a", "1");

        assertThatThrownBy(() -> store.admin().dropIndex("words", "by_text"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("which the next write would build again");
        store.admin().dropIndex("words", "by_another");
        assertThat(store.in(WORDS.with(BY_TEXT)).by(BY_TEXT).eq("1").keys()).containsExactly("a");
    }

    @Test
    void savepointOfAnotherTransactionOrKindIsRefused() {
        Savepoint foreign = (Savepoint) Proxy.newProxyInstance(
                Savepoint.class.getClassLoader(), new Class<?>[] {Savepoint.class}, (proxy, method, arguments) -> null);
        try (WriteTransaction one = store.begin();
                WriteTransaction other = store.begin()) {
            Savepoint theirs = other.savepoint();
            for (Savepoint wrong : new Savepoint[] {foreign, theirs}) {
                assertThatThrownBy(() -> one.rollbackTo(wrong))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("The savepoint is of another transaction");
            }
        }
    }

    @Test
    void transactionSaysWhereItStands() {
        store.in(WORDS).put("a", "1");
        WriteTransaction transaction = store.begin();
        assertThat(transaction).hasToString("Transaction on revision " + store.revision());

        transaction.close();

        assertThat(transaction).hasToString("Transaction that has ended");
        assertThatThrownBy(transaction::savepoint)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("has ended");
    }

    @Test
    void actionsAfterACommitAllRunAndTheirFailuresAreToldTogether() {
        RuntimeException same = new IllegalStateException("same");
        RuntimeException other = new IllegalStateException("other");
        AtomicInteger ran = new AtomicInteger();

        assertThatThrownBy(() -> store.update(tx -> {
                    tx.in(WORDS).put("a", "1");
                    for (RuntimeException each : new RuntimeException[] {same, same, other}) {
                        tx.onCommit(revision -> {
                            ran.incrementAndGet();
                            throw each;
                        });
                    }
                }))
                .isSameAs(same)
                .satisfies(failure -> assertThat(failure.getSuppressed()).containsExactly(other));

        assertThat(ran).hasValue(3);
        assertThat(store.in(WORDS).get("a")).contains("1");
    }

    @Test
    void watchOfARangeOfOtherKeysIsRefused() {
        assertThatThrownBy(() -> store.watch(range(KeyRange.atLeast(5))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Make it of the table's own key type");
        assertThatThrownBy(() -> store.watch(range(KeyRange.atLeast("\ud800"))))
                .isInstanceOf(KvException.CodecFailure.class);
    }

    private static WatchOptions range(KeyRange<?> range) {
        return WatchOptions.of(WORDS).range(range);
    }

    @Test
    void tablesBeyondNumberMayBeMade() {
        for (int i = 0; i <= 10_000; i++) {
            assertThat(store.in(Table.of("words", Keys.string(), Values.string()))
                            .contains("a"))
                    .isFalse();
        }
        store.in(WORDS).put("a", "1");
        assertThat(store.in(WORDS).get("a")).contains("1");
    }

    @Test
    void storeOnABackendWithoutAFeedHasNoFigures() {
        try (KvStore bare = Kvist.open(new ReferenceBackend(), Options.defaults())) {
            assertThatThrownBy(() -> bare.admin().stats())
                    .isInstanceOf(KvException.Unsupported.class)
                    .hasMessageContaining("its capabilities say what it can do");
        }
    }

    @Test
    void readOnlyStoreIsNotSwept() {
        ReferenceBackend backend = new ReferenceBackend();
        try (KvStore readOnly = Kvist.open(backend, Options.defaults().readOnly())) {
            assertThatThrownBy(() -> readOnly.admin().sweep()).isInstanceOf(KvException.class);
        }
    }

    @Test
    void blankLinesOfAnImportArePassedOver() {
        assertThat(imported("\n  \n\t \n" + line("a", 1) + "\n\n")).isEqualTo(1);
    }

    @Test
    void importIsCommittedInBatchesOfLinesAndOfBytes() {
        long before = store.revision();
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 2_001; i++) {
            many.append(line("k" + i, 1)).append('\n');
        }
        assertThat(imported(many.toString())).isEqualTo(2_001);
        assertThat(store.revision() - before).isEqualTo(3);

        before = store.revision();
        imported(line("a", 3 << 20) + "\n" + line("b", 3 << 20) + "\n" + line("c", 1) + "\n");
        assertThat(store.revision() - before).isEqualTo(2);
    }

    private static String line(String key, int bytes) {
        return "{\"table\":\"words\",\"key\":\"" + key + "\",\"value\":\"" + "v".repeat(bytes) + "\"}";
    }

    private long imported(String lines) {
        assertThat(store.in(WORDS).count()).isNotNegative();
        store.admin().importJsonLines(new ByteArrayInputStream(lines.getBytes(UTF_8)));
        return store.in(WORDS).count();
    }
}
