// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import static io.github.kvist.engine.EngineFixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.Durability;
import io.github.kvist.api.KvException.LimitExceeded;
import io.github.kvist.backend.Branch;
import io.github.kvist.backend.Commit;
import io.github.kvist.backend.Operation;
import io.github.kvist.backend.Stored;
import java.util.List;
import org.junit.jupiter.api.Test;

class StoreLimitsTest {

    private static final int KEY = StoreLimits.LIMITS.keyBytes();

    private final EngineFixture store = EngineFixture.fresh();

    @Test
    void aKeyOfTheLimitIsTakenAndOneByteMoreIsNot() {
        Branch branch = store.begin();
        branch.put(store.words, new byte[KEY], bytes("v"), Stored.NEVER);

        assertThatThrownBy(() -> branch.put(store.words, new byte[KEY + 1], bytes("v"), Stored.NEVER))
                .isInstanceOf(LimitExceeded.class)
                .hasMessageContaining(String.valueOf(KEY + 1))
                .hasMessageContaining("nothing was written");

        branch.commit();
        assertThat(store.engine.view().get(store.words, new byte[KEY])).isNotNull();
    }

    @Test
    void aCommitInOneCallIsCheckedBeforeAnythingHappens() {
        Operation good = store.putOf("good", "v");
        Operation bad = new Operation.Put(store.words, new byte[KEY + 1], bytes("v"), Stored.NEVER);

        assertThatThrownBy(() -> store.engine.commit(new Commit(List.of(), List.of(good, bad), Durability.SYNC)))
                .isInstanceOf(LimitExceeded.class);
        assertThat(store.all()).isEmpty();
    }

    @Test
    void valuesAndTransactionsHaveLimitsToo() {
        assertThatThrownBy(() -> StoreLimits.checkValue(StoreLimits.LIMITS.valueBytes() + 1))
                .isInstanceOf(LimitExceeded.class);
        assertThatCode(() -> StoreLimits.checkValue(StoreLimits.LIMITS.valueBytes()))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> StoreLimits.checkTransaction(StoreLimits.LIMITS.transactionBytes(), 1))
                .isInstanceOf(LimitExceeded.class)
                .hasMessageContaining("several transactions");
    }
}
