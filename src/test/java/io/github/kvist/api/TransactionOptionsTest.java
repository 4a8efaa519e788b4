// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.api;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TransactionOptionsTest {

    private final TransactionOptions defaults = TransactionOptions.defaults();

    @Test
    void aTimeoutIsPositive() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> defaults.timeout(Duration.ZERO))
                .withMessageContaining("positive");
        assertThatIllegalArgumentException().isThrownBy(() -> defaults.timeout(Duration.ofNanos(-1)));
    }

    @Test
    void thereIsNoLessThanNoRetry() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> defaults.retries(-1))
                .withMessageContaining("-1");
    }
}
