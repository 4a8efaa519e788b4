// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import static io.github.kvist.engine.EngineFixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.KvException.Conflict;
import io.github.kvist.backend.Branch;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SavepointTest {

    private final EngineFixture store = EngineFixture.fresh();

    @Test
    void writesAfterItAreUndoneAndThoseBeforeItStay() {
        Branch branch = store.begin();
        store.put(branch, "a", "1");
        Branch.Mark mark = branch.mark();
        store.put(branch, "a", "2");
        store.put(branch, "b", "2");
        branch.delete(store.words, bytes("a"));

        branch.rollbackTo(mark);

        assertThat(store.all(branch)).isEqualTo(Map.of("a", "1"));
        branch.commit();
        assertThat(store.all()).isEqualTo(Map.of("a", "1"));
        assertThat(store.afterCrash().all()).isEqualTo(Map.of("a", "1"));
    }

    @Test
    void itCanBeReturnedToMoreThanOnce() {
        Branch branch = store.begin();
        Branch.Mark mark = branch.mark();
        store.put(branch, "a", "1");
        branch.rollbackTo(mark);
        store.put(branch, "a", "2");

        branch.rollbackTo(mark);

        assertThat(store.all(branch)).isEmpty();
    }

    @Test
    void aLaterOneEndsWithTheRollback() {
        Branch branch = store.begin();
        Branch.Mark early = branch.mark();
        Branch.Mark late = branch.mark();
        branch.rollbackTo(early);

        assertThatThrownBy(() -> branch.rollbackTo(late)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void oneOfAnotherTransactionIsRefused() {
        Branch.Mark foreign = store.begin().mark();

        assertThatThrownBy(() -> store.begin().rollbackTo(foreign)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatWasReadBeforeTheRollbackIsStillValidated() {
        Branch branch = store.begin();
        Branch.Mark mark = branch.mark();
        assertThat(store.get(branch, "k")).isNull();
        branch.rollbackTo(mark);
        store.put(branch, "other", "1");

        store.put("k", "moved");

        assertThatThrownBy(branch::commit).isInstanceOf(Conflict.class);
    }

    @Test
    void aTransactionRolledBackToItsStartWritesNothing() {
        Branch branch = store.begin();
        Branch.Mark mark = branch.mark();
        store.put(branch, "k", "1");
        branch.rollbackTo(mark);

        assertThat(branch.commit()).isZero();
        assertThat(store.storage.frames()).isZero();
    }
}
