// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import static io.github.kvist.engine.EngineFixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.Isolation;
import io.github.kvist.api.KvException.Conflict;
import io.github.kvist.backend.Branch;
import io.github.kvist.backend.EntryCursor;
import io.github.kvist.backend.View;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class IsolationTest {

    private final EngineFixture store = EngineFixture.fresh();

    @Test
    void aViewDoesNotSeeLaterWrites() {
        store.put("k", "old");
        View before = store.engine.view();

        store.put("k", "new");

        assertThat(store.get(before, "k")).isEqualTo("old");
        assertThat(store.get("k")).isEqualTo("new");
    }

    @Test
    void aTransactionReadsItsOwnWritesAndNobodyElseDoes() {
        Branch branch = store.begin();

        store.put(branch, "k", "mine");

        assertThat(store.get(branch, "k")).isEqualTo("mine");
        assertThat(store.get("k")).isNull();
        branch.close();
        assertThat(store.get("k")).isNull();
    }

    @ParameterizedTest
    @EnumSource(Isolation.class)
    void aLostUpdateIsAConflict(Isolation isolation) {
        store.put("k", "0");
        Branch first = store.begin(isolation);
        Branch second = store.begin(isolation);
        store.put(first, "k", store.get(first, "k") + "1");
        store.put(second, "k", store.get(second, "k") + "2");
        first.commit();

        assertThatThrownBy(second::commit).isInstanceOf(Conflict.class).hasMessageContaining("words");
        assertThat(store.get("k")).isEqualTo("01");
    }

    @Test
    void writeSkewIsAConflictWhenSerializable() {
        Branch first = store.begin();
        Branch second = store.begin();
        crossOver(first, second);

        assertThatThrownBy(second::commit).isInstanceOf(Conflict.class);
    }

    @Test
    void writeSkewIsAllowedUnderSnapshotIsolation() {
        Branch first = store.begin(Isolation.SNAPSHOT);
        Branch second = store.begin(Isolation.SNAPSHOT);
        crossOver(first, second);

        second.commit();

        assertThat(store.all()).containsEntry("a", "1").containsEntry("b", "1");
    }

    private void crossOver(Branch first, Branch second) {
        assertThat(store.get(first, "b")).isNull();
        assertThat(store.get(second, "a")).isNull();
        store.put(first, "a", "1");
        store.put(second, "b", "1");
        first.commit();
    }

    @Test
    void aPhantomInAScannedRangeIsAConflict() {
        store.put("a", "1");
        store.put("z", "1");
        Branch branch = store.begin();
        assertThat(store.all(branch)).hasSize(2);
        store.put(branch, "count", "2");

        store.put("m", "phantom");

        assertThatThrownBy(branch::commit).isInstanceOf(Conflict.class);
    }

    @Test
    void aPhantomBehindTheLastEntryThatWasLookedAtIsNone() {
        store.put("a", "1");
        store.put("z", "1");
        Branch branch = store.begin();
        try (EntryCursor cursor = branch.scan(store.words, bytes(""), null, false)) {
            assertThat(cursor.advance()).isTrue();
        }
        store.put(branch, "seen", "a");

        store.put("m", "no phantom");

        branch.commit();
        assertThat(store.get("seen")).isEqualTo("a");
    }

    @Test
    void aBackwardScanLooksAtTheEndOfItsRange() {
        store.put("a", "1");
        store.put("m", "1");
        Branch branch = store.begin();
        try (EntryCursor cursor = branch.scan(store.words, bytes(""), null, true)) {
            assertThat(cursor.advance()).isTrue();
        }
        store.put(branch, "seen", "m");

        store.put("b", "before what was looked at");
        store.put("z", "phantom");

        assertThatThrownBy(branch::commit).isInstanceOf(Conflict.class);
    }

    @Test
    void aScanThatJumpedHasReadWhatItJumpedOver() {
        store.put("a", "1");
        store.put("z", "1");
        Branch branch = store.begin();
        try (EntryCursor cursor = branch.scan(store.words, bytes(""), null, false)) {
            assertThat(cursor.advance()).isTrue();
            cursor.seek(bytes("m"));
            assertThat(cursor.advance()).isTrue();
            assertThat(cursor.key()).isEqualTo(bytes("z"));
        }
        store.put(branch, "seen", "1");

        store.put("b", "phantom");

        assertThatThrownBy(branch::commit).isInstanceOf(Conflict.class);
    }

    @Test
    void aJumpThatWasNotFollowedHasReadNothing() {
        store.put("a", "1");
        Branch branch = store.begin();
        EntryCursor untouched = branch.scan(store.words, bytes(""), null, false);
        EntryCursor jumped = branch.scan(store.words, bytes(""), null, false);
        untouched.seek(bytes("c"));
        jumped.advance();
        jumped.seek(bytes("c"));
        store.put(branch, "seen", "a");

        store.put("b", "no phantom");

        branch.commit();
        assertThat(store.all()).containsKeys("a", "b", "seen");
    }

    @Test
    void aScratchBranchIsWrittenAndReadButNeverCommitted() {
        store.put("k", "old");
        Branch scratch = store.engine.scratch(store.engine.view());
        store.put(scratch, "k", "new");

        assertThat(store.get(scratch, "k")).isEqualTo("new");
        assertThatThrownBy(scratch::commit).isInstanceOf(IllegalStateException.class);
        assertThat(store.get("k")).isEqualTo("old");
    }

    @Test
    void aCountIsARead() {
        Branch branch = store.begin();
        assertThat(branch.count(store.words, bytes("a"), bytes("n"))).isZero();
        store.put(branch, "count", "0");

        store.put("m", "phantom");

        assertThatThrownBy(branch::commit).isInstanceOf(Conflict.class);
    }

    @Test
    void whetherADeletionFoundSomethingIsARead() {
        Branch branch = store.begin();
        assertThat(branch.delete(store.words, bytes("k"))).isFalse();
        store.put(branch, "found", "nothing");

        store.put("k", "now there");

        assertThatThrownBy(branch::commit).isInstanceOf(Conflict.class);
    }

    @Test
    void aReadOnlyTransactionNeverConflicts() {
        store.put("k", "old");
        Branch branch = store.begin();
        assertThat(store.get(branch, "k")).isEqualTo("old");

        store.put("k", "new");

        assertThat(branch.commit()).isEqualTo(1);
    }

    @Test
    void transactionsOnOtherKeysAreMerged() {
        store.put("a", "0");
        Branch first = store.begin();
        Branch second = store.begin();
        store.put(first, "a", "1");
        store.put(second, "b", "2");
        second.delete(store.words, bytes("c"));
        first.commit();

        long revision = second.commit();

        assertThat(revision).isEqualTo(3);
        assertThat(store.all()).containsEntry("a", "1").containsEntry("b", "2");
    }

    @Test
    void theVersionOfAWriteIsTheSameAfterItWasMerged() {
        Branch branch = store.begin();
        long version = branch.put(store.words, bytes("a"), bytes("1"), Long.MAX_VALUE);
        store.put("b", "in between");

        branch.commit();

        assertThat(store.engine.view().get(store.words, bytes("a")).version()).isEqualTo(version);
    }

    @Test
    void aGuardedKeyIsValidatedUnderSnapshotIsolationToo() {
        Branch branch = store.begin(Isolation.SNAPSHOT);
        branch.guard(store.words, bytes("k"));
        store.put(branch, "other", "1");

        store.put("k", "moved");

        assertThatThrownBy(branch::commit).isInstanceOf(Conflict.class);
    }

    @Test
    void aGuardedRangeIsValidatedUnderSnapshotIsolationToo() {
        Branch branch = store.begin(Isolation.SNAPSHOT);
        branch.guardRange(store.words, bytes("a"), bytes("c"));
        store.put(branch, "other", "1");

        store.put("b", "moved");

        assertThatThrownBy(branch::commit).isInstanceOf(Conflict.class);
    }

    @ParameterizedTest
    @EnumSource(Isolation.class)
    void aRangeDeletionMissesNoEntryThatSomebodyAdds(Isolation isolation) {
        store.put("a", "1");
        Branch branch = store.begin(isolation);
        assertThat(branch.deleteRange(store.words, bytes("a"), bytes("c"))).isEqualTo(1);

        store.put("b", "added");

        assertThatThrownBy(branch::commit).isInstanceOf(Conflict.class);
    }

    @Test
    void aKeyChangedAndChangedBackIsAConflict() {
        store.put("k", "same");
        Branch branch = store.begin();
        assertThat(store.get(branch, "k")).isEqualTo("same");
        store.put(branch, "other", "1");

        store.put("k", "different");
        store.put("k", "same");

        assertThatThrownBy(branch::commit).isInstanceOf(Conflict.class);
    }

    @Test
    void aThousandSeparateReadsStillConflictOnlyWithWhatWasRead() {
        for (int i = 0; i < 1000; i++) {
            store.put("k%04d".formatted(i), "1");
        }
        Branch branch = store.begin();
        for (int i = 0; i < 1000; i += 2) {
            branch.count(store.words, bytes("k%04d".formatted(i)), bytes("k%04d".formatted(i + 1)));
        }
        store.put(branch, "sum", "1");

        store.put("k0500", "changed");

        assertThatThrownBy(branch::commit).isInstanceOf(Conflict.class);
    }

    @Test
    void anEndedTransactionRefusesToGoOn() {
        Branch branch = store.begin();
        store.put(branch, "k", "v");
        branch.commit();

        assertThatThrownBy(() -> store.put(branch, "k", "w")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(branch::commit).isInstanceOf(IllegalStateException.class);
    }
}
