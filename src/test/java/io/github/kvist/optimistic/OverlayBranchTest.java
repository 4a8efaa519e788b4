// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.optimistic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.Capabilities;
import io.github.kvist.api.Durability;
import io.github.kvist.api.Isolation;
import io.github.kvist.api.KvException;
import io.github.kvist.api.TransactionOptions;
import io.github.kvist.backend.Branch;
import io.github.kvist.backend.Commit;
import io.github.kvist.backend.EntryCursor;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Operation;
import io.github.kvist.backend.Stored;
import io.github.kvist.backend.View;
import io.github.kvist.testkit.ReferenceBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pending writes over a view. */
final class OverlayBranchTest {

    private static final byte[] START = {};

    private final ReferenceBackend backend = new ReferenceBackend(new Capabilities.Limits(100, 1000, 100_000, 300));
    private final Optimistic transactions = new Optimistic(backend, Durability.MEMORY);
    private final Keyspace words = backend.keyspace("words");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void branchShowsWhatAMapShowsAndLeavesItBehind(long seed) {
        Random random = new Random(seed);
        NavigableMap<String, String> model = new TreeMap<>();
        for (int round = 0; round < 20; round++) {
            try (Branch branch = transactions.begin(TransactionOptions.defaults())) {
                NavigableMap<String, String> marked = null;
                Branch.Mark mark = null;
                for (int step = 0; step < 25; step++) {
                    if (mark == null && random.nextInt(10) == 0) {
                        mark = branch.mark();
                        marked = new TreeMap<>(model);
                    } else if (mark != null && random.nextInt(10) == 0) {
                        branch.rollbackTo(mark);
                        model = new TreeMap<>(marked);
                    } else {
                        change(random, branch, model);
                    }
                    check(random, branch, model);
                }
                branch.commit();
            }
            try (View view = backend.view()) {
                check(random, view, model);
            }
        }
    }

    private void change(Random random, Branch branch, NavigableMap<String, String> model) {
        String key = "k" + random.nextInt(30);
        switch (random.nextInt(5)) {
            case 0 -> assertThat(branch.delete(words, bytes(key))).isEqualTo(model.remove(key) != null);
            case 1 -> {
                branch.discard(words, bytes(key));
                model.remove(key);
            }
            case 2 -> {
                String to = key + random.nextInt(3);
                NavigableMap<String, String> part = model.subMap(key, true, to, false);
                assertThat(branch.deleteRange(words, bytes(key), bytes(to))).isEqualTo(part.size());
                part.clear();
            }
            default -> {
                String value = "v" + random.nextInt();
                branch.put(words, bytes(key), bytes(value), Stored.NEVER);
                model.put(key, value);
            }
        }
    }

    private void check(Random random, View view, NavigableMap<String, String> model) {
        String from = "k" + random.nextInt(30);
        String to = random.nextBoolean() ? null : from + random.nextInt(9);
        NavigableMap<String, String> part =
                to == null ? model.tailMap(from, true) : model.subMap(from, true, to, false);
        boolean reverse = random.nextBoolean();
        List<String> expected = new ArrayList<>((reverse ? part.descendingMap() : part)
                .entrySet().stream().map(Object::toString).toList());
        byte[] end = to == null ? null : bytes(to);
        assertThat(texts(view.scan(words, bytes(from), end, reverse))).isEqualTo(expected);
        assertThat(view.count(words, bytes(from), end)).isEqualTo(expected.size());
        Stored stored = view.get(words, bytes(from));
        assertThat(stored == null ? null : new String(stored.array(), stored.offset(), stored.length()))
                .isEqualTo(model.get(from));
    }

    @Test
    void seekPassesOverStoredAndPendingAlike() {
        for (String key : List.of("a", "c", "e", "g")) {
            put(key);
        }
        try (Branch branch = transactions.begin(TransactionOptions.defaults())) {
            branch.put(words, bytes("b"), bytes("b"), Stored.NEVER);
            branch.put(words, bytes("f"), bytes("f"), Stored.NEVER);
            branch.delete(words, bytes("e"));
            EntryCursor forward = branch.scan(words, START, null, false);
            forward.advance();
            forward.seek(bytes("d"));
            forward.seek(bytes("a"));
            assertThat(texts(forward)).containsExactly("f=f", "g=g");
            EntryCursor backward = branch.scan(words, START, null, true);
            backward.seek(bytes("e"));
            assertThat(texts(backward)).containsExactly("c=c", "b=b", "a=a");
        }
    }

    @Test
    void scanThatStoppedEarlyDependsOnlyOnWhatItSaw() {
        put("a");
        put("m");
        try (Branch early = transactions.begin(TransactionOptions.defaults())) {
            try (EntryCursor scan = early.scan(words, START, null, false)) {
                scan.advance();
            }
            early.put(words, bytes("x"), bytes("x"), Stored.NEVER);
            put("b");
            assertThat(early.commit()).isEqualTo(backend.revision());
        }
        try (Branch late = transactions.begin(TransactionOptions.defaults())) {
            texts(late.scan(words, START, null, false));
            late.put(words, bytes("x"), bytes("y"), Stored.NEVER);
            put("c");
            assertThatThrownBy(late::commit).isInstanceOf(KvException.Conflict.class);
        }
    }

    @Test
    void readsOfManyKeysAreStillAllChecked() {
        try (Branch branch = transactions.begin(TransactionOptions.defaults())) {
            for (int i = 0; i < 5_000; i++) {
                branch.get(words, bytes("k" + i * 2));
            }
            branch.put(words, bytes("x"), bytes("x"), Stored.NEVER);
            put("k9998");
            assertThatThrownBy(branch::commit).isInstanceOf(KvException.Conflict.class);
        }
    }

    @Test
    void blindWritesConflictWithNobody() {
        try (Branch branch = transactions.begin(TransactionOptions.defaults())) {
            branch.put(words, bytes("a"), bytes("mine"), Stored.NEVER);
            put("a");
            assertThat(branch.commit()).isEqualTo(2);
        }
        TransactionOptions snapshot = TransactionOptions.defaults().isolation(Isolation.SNAPSHOT);
        try (Branch branch = transactions.begin(snapshot)) {
            branch.put(words, bytes("a"), bytes("mine"), Stored.NEVER);
            put("a");
            assertThatThrownBy(branch::commit).isInstanceOf(KvException.Conflict.class);
        }
    }

    @Test
    void moreKeysThanATransactionMayWriteAreRefused() {
        try (Branch branch = transactions.begin(TransactionOptions.defaults())) {
            for (int i = 0; i < 300; i++) {
                branch.put(words, bytes("k" + i), START, Stored.NEVER);
            }
            branch.put(words, bytes("k0"), START, Stored.NEVER);
            assertThatThrownBy(() -> branch.put(words, bytes("one more"), START, Stored.NEVER))
                    .isInstanceOf(KvException.LimitExceeded.class)
                    .hasMessageContaining("300 keys");
        }
    }

    @Test
    void everyViewIsClosed() {
        put("a");
        transactions.<Object>commit(TransactionOptions.defaults(), branch -> branch.get(words, bytes("a")));
        assertThatThrownBy(() -> transactions.commit(TransactionOptions.defaults(), branch -> {
                    throw new IllegalStateException();
                }))
                .isInstanceOf(IllegalStateException.class);
        transactions.begin(TransactionOptions.defaults()).close();

        assertThat(backend.openViews()).isZero();
    }

    private void put(String key) {
        Operation put = new Operation.Put(words, bytes(key), bytes(key), Stored.NEVER);
        backend.commit(new Commit(List.of(), List.of(put), Durability.MEMORY));
    }

    private static List<String> texts(EntryCursor entries) {
        List<String> texts = new ArrayList<>();
        try (entries) {
            while (entries.advance()) {
                texts.add(new String(entries.key()) + "="
                        + new String(entries.array(), entries.offset(), entries.length()));
            }
        }
        return texts;
    }

    private static byte[] bytes(String text) {
        return text.getBytes();
    }
}
