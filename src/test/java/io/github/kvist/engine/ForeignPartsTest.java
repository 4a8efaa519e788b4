// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import static io.github.kvist.engine.EngineFixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.Isolation;
import io.github.kvist.api.KvException.Conflict;
import io.github.kvist.backend.Branch;
import io.github.kvist.backend.Condition;
import io.github.kvist.backend.EntryCursor;
import io.github.kvist.backend.View;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;

/** Views, marks and keyspaces of another store or transaction are refused; conditions of a branch are checked where it stands. */
final class ForeignPartsTest {
    private final EngineFixture store = EngineFixture.fresh();

    @Test
    void keyspaceOfOneStoreIsNoOther() {
        EngineFixture other = EngineFixture.fresh();

        assertThat(store.words).isNotEqualTo(other.words).isEqualTo(store.engine.keyspace("words"));
        assertThat(store.words).hasToString("Keyspace words");
    }

    @Test
    void viewOfAnotherStoreOrKindIsRefused() {
        View foreign = (View) Proxy.newProxyInstance(
                View.class.getClassLoader(), new Class<?>[] {View.class}, (proxy, method, arguments) -> null);
        EngineFixture other = EngineFixture.fresh();
        try (View ours = store.engine.view();
                View theirs = other.engine.view()) {
            for (View wrong : new View[] {theirs, foreign}) {
                assertThatThrownBy(() -> store.engine.diff(ours, wrong, "w"))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("The view is of another store and not of the one at heap storage");
            }
        }
    }

    @Test
    void markOfAnotherBranchOrOneThatWasRolledBackIsRefused() {
        Branch.Mark foreign = (Branch.Mark) Proxy.newProxyInstance(
                Branch.Mark.class.getClassLoader(),
                new Class<?>[] {Branch.Mark.class},
                (proxy, method, arguments) -> null);
        try (Branch branch = store.begin();
                Branch other = store.begin()) {
            Branch.Mark first = branch.mark();
            Branch.Mark second = branch.mark();
            branch.rollbackTo(first);
            for (Branch.Mark wrong : new Branch.Mark[] {foreign, other.mark(), second}) {
                assertThatThrownBy(() -> branch.rollbackTo(wrong))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("This savepoint is of another transaction");
            }
            assertThatCode(() -> branch.rollbackTo(first)).doesNotThrowAnyException();
        }
    }

    @Test
    void rollbackToTheStartLeavesAKeyspaceAsItWas() {
        store.put("a", "1");
        try (Branch branch = store.begin()) {
            Branch.Mark mark = branch.mark();
            store.put(branch, "a", "2");
            branch.put(store.engine.keyspace("another"), bytes("k"), bytes("v"), Long.MAX_VALUE);

            branch.rollbackTo(mark);

            assertThat(store.get(branch, "a")).isEqualTo("1");
            assertThat(branch.get(store.engine.keyspace("another"), bytes("k"))).isNull();
            store.put(branch, "a", "3");
            branch.commit();
        }
        assertThat(store.get("a")).isEqualTo("3");
    }

    @Test
    void conditionThatDoesNotHoldInABranchIsAConflict() {
        store.put("a", "1");
        try (Branch branch = store.begin()) {
            assertThatCode(() -> branch.require(new Condition(store.words, bytes("b"), Condition.ABSENT)))
                    .doesNotThrowAnyException();
            assertThatThrownBy(() -> branch.require(new Condition(store.words, bytes("a"), Condition.ABSENT)))
                    .isInstanceOf(Conflict.class)
                    .hasMessageContaining("words does not hold at revision 1");
        }
    }

    @Test
    void conditionThatHeldInABranchStillHasToHoldWhenItIsCommitted() {
        for (Isolation isolation : Isolation.values()) {
            try (Branch branch = store.begin(isolation)) {
                branch.require(new Condition(store.words, bytes("b"), Condition.ABSENT));
                store.put(branch, "mine", "1");
                store.put("b", "theirs");

                assertThatThrownBy(branch::commit).isInstanceOf(Conflict.class);
            }
            try (Branch branch = store.begin()) {
                branch.delete(store.words, bytes("b"));
                branch.commit();
            }
        }
    }

    @Test
    void scanThatIsStillOpenAtTheCommitCountsWithItsWholeRange() {
        store.put("a", "1");
        store.put("b", "1");
        for (boolean reverse : new boolean[] {false, true}) {
            try (Branch branch = store.begin();
                    EntryCursor cursor = branch.scan(store.words, bytes("a"), bytes("x"), reverse)) {
                assertThat(cursor.advance()).isTrue();
                store.put(branch, "mine", "1");
                store.put(reverse ? "a0" : "c", "theirs");
                branch.commit(); // what the scan has not come to was not seen
            }
            try (Branch branch = store.begin();
                    EntryCursor cursor = branch.scan(store.words, bytes("a"), bytes("x"), reverse)) {
                assertThat(cursor.advance()).isTrue();
                store.put(branch, "mine", "2");
                store.put(reverse ? "x0" : "a", "theirs again");
                store.put(reverse ? "w" : "a", "theirs again");
                assertThatThrownBy(branch::commit).isInstanceOf(Conflict.class);
            }
        }
    }

    @Test
    void scanThatFoundTheEndHasSeenTheWholeRange() {
        store.put("a", "1");
        try (Branch branch = store.begin();
                EntryCursor cursor = branch.scan(store.words, bytes("a"), null, false)) {
            while (cursor.advance()) {
                assertThat(cursor.key()).isEqualTo(bytes("a"));
            }
            store.put(branch, "0", "mine");
            store.put("z", "theirs");
            assertThatThrownBy(branch::commit).isInstanceOf(Conflict.class);
        }
    }

    @Test
    void scanThatWasNotBegunHasSeenNothing() {
        store.put("a", "1");
        try (Branch branch = store.begin();
                EntryCursor unused = branch.scan(store.words, bytes("a"), null, false)) {
            store.put(branch, "mine", "1");
            store.put("a", "theirs");
            branch.commit();
        }
        assertThat(store.get("mine")).isEqualTo("1");
    }

    @Test
    void manyScansAndRangesAreJoinedAndStillConflict() {
        for (int i = 0; i < 200; i++) {
            store.put("k%03d".formatted(i), "1");
        }
        try (Branch branch = store.begin()) {
            for (int i = 0; i < 2_000; i++) {
                int at = i * 7 % 200;
                try (EntryCursor cursor = branch.scan(
                        store.words, bytes("k%03d".formatted(at)), bytes("k%03d~".formatted(at)), i % 2 == 0)) {
                    assertThat(cursor.advance()).isTrue();
                }
                branch.guardRange(
                        store.words,
                        bytes("k%03d".formatted(at)),
                        at == 0 ? bytes("k") : bytes("k%03d!".formatted(at)));
            }
            store.put(branch, "mine", "1");
            store.put("k123", "theirs");
            assertThatThrownBy(branch::commit).isInstanceOf(Conflict.class);
        }
    }
}
