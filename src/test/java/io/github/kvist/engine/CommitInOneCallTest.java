// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import static io.github.kvist.engine.EngineFixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.Durability;
import io.github.kvist.api.KvException;
import io.github.kvist.api.KvException.Unsupported;
import io.github.kvist.api.Options;
import io.github.kvist.backend.Commit;
import io.github.kvist.backend.Condition;
import io.github.kvist.backend.Operation;
import io.github.kvist.backend.Range;
import io.github.kvist.backend.Stored;
import io.github.kvist.backend.Unchanged;
import io.github.kvist.backend.View;
import io.github.kvist.backend.memory.MemoryStorage;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CommitInOneCallTest {

    private final EngineFixture store = EngineFixture.fresh();

    @Test
    void severalOperationsAreOneRevision() {
        store.put("gone", "1");

        assertThat(commit(List.of(), store.putOf("a", "1"), deletionOf("gone"), store.putOf("b", "2")))
                .isTrue();

        assertThat(store.engine.revision()).isEqualTo(2);
        assertThat(store.all()).isEqualTo(Map.of("a", "1", "b", "2"));
        assertThat(store.afterCrash().all()).isEqualTo(store.all());
    }

    @Test
    void aConditionThatDoesNotHoldStopsAllOfIt() {
        store.put("k", "1");
        long version = store.engine.view().get(store.words, bytes("k")).version();

        assertThat(commit(List.of(condition("k", version + 1)), store.putOf("k", "2")))
                .isFalse();
        assertThat(commit(List.of(condition("k", version), condition("a", 7)), store.putOf("k", "2")))
                .isFalse();
        assertThat(commit(List.of(condition("k", Condition.ABSENT)), store.putOf("k", "2")))
                .isFalse();
        assertThat(store.get("k")).isEqualTo("1");

        assertThat(commit(List.of(condition("k", version), condition("a", Condition.ABSENT)), store.putOf("k", "2")))
                .isTrue();
        assertThat(store.get("k")).isEqualTo("2");
    }

    @Test
    void deletingWhatIsNotThereIsNoCommit() {
        store.put("k", "1");

        assertThat(commit(List.of(), deletionOf("absent"))).isTrue();
        assertThat(commit(List.of(), deletionOf("absent"), deletionOf("absent too")))
                .isTrue();
        assertThat(commit(List.of())).isTrue();

        assertThat(store.engine.revision()).isEqualTo(1);
        assertThat(store.storage.frames()).isEqualTo(1);
    }

    @Test
    void aSingleDeletionIsLoggedToo() {
        store.put("k", "1");
        store.put("kept", "1");

        commit(List.of(), deletionOf("k"));

        assertThat(store.afterCrash().all()).containsOnlyKeys("kept");
    }

    @Test
    void theSameHoldsForAStoreThatKeepsNothing() {
        Engine memory = Engine.open(new MemoryStorage(), Options.defaults());
        var words = memory.keyspace("words");
        Operation put = new Operation.Put(words, bytes("k"), bytes("v"), Long.MAX_VALUE);
        Operation deletion = new Operation.Delete(words, bytes("k"));

        memory.commit(new Commit(List.of(), List.of(put), Durability.SYNC));
        assertThat(memory.commit(new Commit(
                        List.of(new Condition(words, bytes("k"), Condition.ABSENT)), List.of(put), Durability.SYNC)))
                .isEqualTo(Commit.REFUSED);
        memory.commit(new Commit(List.of(), List.of(deletion), Durability.SYNC));

        assertThat(memory.revision()).isEqualTo(2);
        assertThat(memory.view().get(words, bytes("k"))).isNull();
    }

    @Test
    void whatWasReadMustBeUnchanged() {
        store.put("a", "1");
        long since = store.engine.revision();
        store.put("b", "1");

        assertThatThrownBy(() -> commitUnless(since, "b", "c")).isInstanceOf(KvException.Conflict.class);
        assertThat(store.get("x")).isNull();
        assertThat(commitUnless(since, "c", "d")).isEqualTo(since + 2);
        assertThat(store.get("x")).isEqualTo("1");
    }

    private long commitUnless(long since, String from, String to) {
        Unchanged unchanged = new Unchanged(since, 0, List.of(new Range(store.words, bytes(from), bytes(to))));
        return store.engine.commit(new Commit(List.of(), unchanged, List.of(store.putOf("x", "1")), Durability.SYNC));
    }

    @Test
    void deadlinesAreChangedAndVersionsGiven() {
        long version = store.engine.newVersion();
        commit(List.of(), new Operation.Put(store.words, bytes("k"), bytes("v"), Stored.NEVER, version));
        commit(List.of(), new Operation.Touch(store.words, bytes("k"), Long.MAX_VALUE - 1));
        commit(List.of(), new Operation.Touch(store.words, bytes("absent"), Long.MAX_VALUE - 1));

        try (View view = store.engine.view()) {
            Stored stored = view.get(store.words, bytes("k"));
            assertThat(stored.version()).isEqualTo(version);
            assertThat(stored.deadline()).isEqualTo(Long.MAX_VALUE - 1);
            assertThat(view.get(store.words, bytes("absent"))).isNull();
        }
    }

    @Test
    void aReadOnlyStoreRefusesIt() {
        store.put("k", "1");
        store.engine.close();
        Engine readOnly = Engine.open(store.storage, Options.defaults().readOnly());

        assertThatThrownBy(() -> readOnly.commit(new Commit(List.of(), List.of(), Durability.SYNC)))
                .isInstanceOf(Unsupported.class)
                .hasMessageContaining("read-only");
        assertThatThrownBy(readOnly::checkpoint).isInstanceOf(Unsupported.class);
    }

    private boolean commit(List<Condition> conditions, Operation... operations) {
        return store.engine.commit(new Commit(conditions, List.of(operations), Durability.SYNC)) != Commit.REFUSED;
    }

    private Condition condition(String key, long version) {
        return new Condition(store.words, bytes(key), version);
    }

    private Operation deletionOf(String key) {
        return new Operation.Delete(store.words, bytes(key));
    }
}
