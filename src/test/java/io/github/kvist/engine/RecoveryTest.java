// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import static io.github.kvist.engine.EngineFixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.Durability;
import io.github.kvist.api.KvException.Corrupt;
import io.github.kvist.api.Options;
import io.github.kvist.backend.Branch;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Stored;
import io.github.kvist.testkit.HeapStorage;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecoveryTest {

    private final EngineFixture store = EngineFixture.fresh();

    @Test
    void whatWasCommittedIsThereAgainWithItsVersionsAndDeadlines() {
        store.put("a", "1");
        Branch branch = store.begin();
        long version = branch.put(store.words, bytes("b"), bytes("2"), 4_102_444_800_000L);
        branch.delete(store.words, bytes("a"));
        branch.commit();

        EngineFixture again = store.afterCrash();

        assertThat(again.all()).isEqualTo(Map.of("b", "2"));
        Stored entry = again.engine.view().get(again.words, bytes("b"));
        assertThat(entry.version()).isEqualTo(version);
        assertThat(entry.deadline()).isEqualTo(4_102_444_800_000L);
        assertThat(again.engine.revision()).isEqualTo(2);
    }

    @Test
    void keyspacesKeepTheirNames() {
        Keyspace unused = store.engine.keyspace("never written to");
        Keyspace other = store.engine.keyspace("other");
        Branch branch = store.begin();
        branch.put(other, bytes("k"), bytes("o"), Stored.NEVER);
        store.put(branch, "k", "w");
        branch.commit();

        EngineFixture again = store.afterCrash();

        assertThat(again.get("k")).isEqualTo("w");
        assertThat(EngineFixture.text(again.engine.view().get(again.engine.keyspace("other"), bytes("k"))))
                .isEqualTo("o");
        assertThat(again.engine.view().count(again.engine.keyspace(unused.name()), bytes(""), null))
                .isZero();
    }

    @Test
    void aDeletedRangeStaysDeleted() {
        for (char c = 'a'; c <= 'f'; c++) {
            store.put(String.valueOf(c), "1");
        }
        Branch branch = store.begin();
        branch.deleteRange(store.words, bytes("b"), bytes("d"));
        branch.deleteRange(store.words, bytes("f"), null);
        branch.commit();

        assertThat(store.afterCrash().all()).containsOnlyKeys("a", "d", "e");
    }

    @Test
    void aCheckpointAndTheLogAfterItGiveTheSame() {
        store.put("before", "1");
        store.engine.checkpoint();
        assertThat(store.storage.frames()).isZero();
        store.put("after", "2");

        EngineFixture again = store.afterCrash();

        assertThat(again.all()).isEqualTo(Map.of("before", "1", "after", "2"));
        assertThat(again.engine.revision()).isEqualTo(2);
    }

    @Test
    void aCheckpointHoldsWeakCommitsToo() {
        store.put("weak", "1", Durability.MEMORY);

        store.engine.checkpoint();

        assertThat(store.afterCrash().get("weak")).isEqualTo("1");
    }

    @Test
    void noStampIsGivenOutTwiceAfterACrash() {
        Branch shown = store.begin();
        long uncommitted = shown.put(store.words, bytes("k"), bytes("v"), Stored.NEVER);

        EngineFixture again = store.afterCrash();
        Branch later = again.begin();

        assertThat(later.put(again.words, bytes("k"), bytes("v"), Stored.NEVER)).isGreaterThan(uncommitted);
    }

    @Test
    void noStampIsGivenOutTwiceWhenOnlyTheCheckpointKnowsThem() {
        Branch branch = store.begin();
        branch.put(store.words, bytes("k"), bytes("v"), Stored.NEVER);
        long deleted = branch.put(store.words, bytes("k2"), bytes("v"), Stored.NEVER);
        branch.delete(store.words, bytes("k2"));
        branch.commit();
        store.engine.checkpoint();
        store.engine.close();

        EngineFixture again = new EngineFixture(store.storage);
        Branch later = again.begin();

        assertThat(later.put(again.words, bytes("k"), bytes("v"), Stored.NEVER)).isGreaterThan(deleted);
    }

    @Test
    void aMissingFrameIsRefused() {
        HeapStorage gap = new HeapStorage();
        byte[] frame = new byte[80];
        gap.append(2, 2, frame, 64, 0, Durability.SYNC);

        assertThatThrownBy(() -> Engine.open(gap, Options.defaults()))
                .isInstanceOf(Corrupt.class)
                .hasMessageStartingWith("heap storage: the frame begins with revision 2")
                .hasMessageContaining("Restore a backup");
    }
}
