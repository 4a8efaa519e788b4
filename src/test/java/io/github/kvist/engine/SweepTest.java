// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import static io.github.kvist.engine.EngineFixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.Durability;
import io.github.kvist.api.KvException;
import io.github.kvist.api.Options;
import io.github.kvist.api.TransactionOptions;
import io.github.kvist.backend.Branch;
import io.github.kvist.backend.Commit;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Operation;
import io.github.kvist.backend.Stored;
import io.github.kvist.testkit.HeapStorage;
import io.github.kvist.testkit.SettableClock;
import io.github.kvist.tree.RadixTree;
import io.github.kvist.tree.TreeCursor;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SweepTest {

    private static final long START = 1_000_000;

    private final HeapStorage storage = new HeapStorage();
    private final SettableClock clock = new SettableClock(Instant.ofEpochMilli(START));
    private final Engine engine = open(storage);
    private final Keyspace words = engine.keyspace("words");
    private final Keyspace others = engine.keyspace("others");

    private Engine open(HeapStorage home) {
        return Engine.open(home, Options.defaults().clock(clock));
    }

    private void put(Keyspace keyspace, String key, long deadline) {
        engine.commit(new Commit(
                List.of(), List.of(new Operation.Put(keyspace, bytes(key), bytes("v"), deadline)), Durability.SYNC));
    }

    private static Root root(Engine engine) {
        return ((EngineView) engine.view()).root();
    }

    private static List<String> entries(Root root) {
        List<String> entries = new ArrayList<>();
        for (int i = 1; i < root.trees(); i++) {
            root.tree(i).check();
            TreeCursor cursor = root.tree(i).forward(bytes(""), null);
            while (cursor.advance()) {
                entries.add(i + " " + new String(cursor.key()) + " " + cursor.version() + " " + cursor.deadline());
            }
        }
        return entries;
    }

    @Test
    void removesWhatIsDueOfAllKeyspacesInOneCommit() {
        for (int i = 0; i < 100; i++) {
            put(words, "w" + i, START + i);
            put(others, "o" + i, START + i);
        }
        put(words, "stays", Stored.NEVER);
        long before = engine.revision();
        clock.move(Duration.ofMillis(49));

        long counted = engine.sweep(name -> name.equals("words"), Durability.SYNC);

        assertThat(counted).isEqualTo(50);
        assertThat(engine.revision()).isEqualTo(before + 1);
        assertThat(entries(root(engine))).hasSize(101);
        assertThat(engine.earliestDeadline()).isEqualTo(START + 50);
        assertThat(engine.sweep(name -> true, Durability.SYNC)).isZero();
        assertThat(engine.revision()).isEqualTo(before + 1);
    }

    @Test
    @Timeout(60)
    void aSweepThatFailsLeavesNobodyWaiting() {
        put(words, "due", START + 1);
        clock.move(Duration.ofMillis(1));

        assertThatThrownBy(() -> engine.sweep(
                        name -> {
                            throw new OutOfMemoryError("of " + name);
                        },
                        Durability.SYNC))
                .isInstanceOf(OutOfMemoryError.class);

        put(words, "next", Stored.NEVER);
        assertThat(entries(root(open(storage.afterCrash())))).hasSize(2);
        assertThat(engine.sweep(name -> true, Durability.SYNC)).isEqualTo(1);
    }

    @Test
    void aClockThatFailsAtTheEndLeavesNothingBehind() {
        AtomicBoolean broken = new AtomicBoolean();
        HeapStorage home = new HeapStorage();
        Engine ending = Engine.open(home, Options.defaults().clock(() -> {
            if (broken.get()) {
                throw new AssertionError("no time");
            }
            return clock.instant();
        }));
        Keyspace there = ending.keyspace("words");
        ending.commit(new Commit(
                List.of(), List.of(new Operation.Put(there, bytes("weak"), bytes("v"), START + 9)), Durability.MEMORY));
        broken.set(true);

        ending.close();

        assertThatThrownBy(ending::view).isInstanceOf(KvException.Closed.class);
        assertThat(entries(root(open(home)))).hasSize(1);
    }

    @Test
    void theCommitIsMarkedAsASweepAlsoInTheLog() {
        put(words, "a", START + 1);
        put(words, "b", START + 9);
        clock.move(Duration.ofMillis(1));
        assertThat(root(engine).isSweep).isFalse();

        engine.sweep(name -> true, Durability.SYNC);

        Root swept = root(engine);
        assertThat(swept.isSweep).isTrue();
        Root recovered = root(open(storage.afterCrash()));
        assertThat(recovered.isSweep).isTrue();
        assertThat(recovered.millis).isEqualTo(swept.millis).isEqualTo(START + 1);
        assertThat(entries(recovered)).isEqualTo(entries(swept)).hasSize(1);
        put(words, "c", Stored.NEVER);
        assertThat(root(engine).isSweep).isFalse();
        assertThat(root(open(storage.afterCrash())).isSweep).isFalse();
    }

    @Test
    void whatIsCommittedWhileItIsPreparedIsCarriedOver() {
        for (String key : List.of("due", "prolonged", "deleted", "rewritten", "alive", "shortened", "later")) {
            long deadline = START + (List.of("alive", "shortened", "later").contains(key) ? 100 : 5);
            put(words, key, deadline);
        }
        Sweep sweep = new Sweep(root(engine), START + 10);
        try (Branch branch = engine.begin(TransactionOptions.defaults())) {
            branch.touch(words, bytes("prolonged"), START + 100);
            branch.delete(words, bytes("deleted"));
            branch.delete(words, bytes("later"));
            branch.put(words, bytes("rewritten"), bytes("new"), Stored.NEVER);
            branch.touch(words, bytes("shortened"), START + 7);
            branch.put(words, bytes("fresh"), bytes("v"), START + 100);
            branch.put(words, bytes("freshly due"), bytes("v"), START + 8);
            branch.put(others, bytes("of a new keyspace"), bytes("v"), START + 8);
            branch.commit();
        }
        Root head = root(engine);

        RadixTree[] trees = sweep.onto(head);

        List<String> expected = new ArrayList<>(entries(head));
        expected.removeIf(entry -> Long.parseLong(entry.substring(entry.lastIndexOf(' ') + 1)) <= START + 10);
        assertThat(entries(new Root(1, 1, trees, true))).isEqualTo(expected).hasSize(4);
        assertThat(Sweep.changes(head, trees)).isTrue();
    }

    @Test
    void whoTouchesDependsOnTheValue() {
        put(words, "a", Stored.NEVER);
        try (Branch branch = engine.begin(TransactionOptions.defaults())) {
            branch.touch(words, bytes("a"), START + 1);
            put(words, "a", Stored.NEVER);

            assertThatThrownBy(branch::commit).isInstanceOf(KvException.Conflict.class);
        }
    }

    @Test
    void aStoreWithoutDeadlinesIsNeverAskedForTheTimeByItsViews() {
        put(words, "a", Stored.NEVER);
        assertThat(((EngineView) engine.view()).instant()).isEqualTo(Instants.NOTHING_DUE);

        put(words, "b", START + 1);

        assertThat(((EngineView) engine.view()).instant()).isEqualTo(START);
        assertThat(engine.earliestDeadline()).isEqualTo(START + 1);
        engine.commit(new Commit(List.of(), List.of(new Operation.Delete(words, bytes("b"))), Durability.SYNC));
        clock.move(Duration.ofMillis(2));
        put(words, "c", Stored.NEVER);
        assertThat(engine.earliestDeadline()).isEqualTo(Stored.NEVER);
    }

    @Test
    void closingSweepsSoThatAClockThatGoesBackFindsNothing() {
        put(words, "a", START + 1);
        clock.move(Duration.ofMillis(1));
        assertThat(engine.view().get(words, bytes("a"))).isNull();

        engine.close();
        clock.move(Duration.ofDays(-1));

        assertThat(entries(root(open(storage.afterCrash())))).isEmpty();
    }

    @Test
    void afterACrashTimeIsNotBeforeThatOfTheLastCommit() {
        put(words, "a", START + 1);
        clock.move(Duration.ofMillis(1));
        put(others, "b", Stored.NEVER);

        clock.move(Duration.ofDays(-1));
        Engine again = open(storage.afterCrash());

        assertThat(again.view().get(again.keyspace("words"), bytes("a"))).isNull();
        assertThat(again.now()).isEqualTo(START + 1);
    }
}
