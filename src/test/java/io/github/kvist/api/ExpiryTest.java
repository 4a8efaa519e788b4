// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

class ExpiryTest {

    @Test
    void aDurationCountsFromNowAndIsRoundedUp() {
        assertThat(Expiry.after(Duration.ofMillis(5)).deadline(1000)).isEqualTo(1005);
        assertThat(Expiry.after(Duration.ofNanos(1)).deadline(1000)).isEqualTo(1001);
    }

    @Test
    void anInstantIsTakenToTheMillisecondAndMayBePast() {
        assertThat(Expiry.at(Instant.ofEpochMilli(77).plusNanos(999_999)).deadline(1000))
                .isEqualTo(77);
    }

    @Test
    void whatNoMillisecondCanTellIsNever() {
        assertThat(Expiry.never().deadline(1000)).isEqualTo(Long.MAX_VALUE);
        assertThat(Expiry.after(ChronoUnit.FOREVER.getDuration()).deadline(1000))
                .isEqualTo(Long.MAX_VALUE);
        assertThat(Expiry.after(Duration.ofMillis(Long.MAX_VALUE)).deadline(1000))
                .isEqualTo(Long.MAX_VALUE);
        assertThat(Expiry.at(Instant.MAX).deadline(1000)).isEqualTo(Long.MAX_VALUE);
        assertThat(Expiry.at(Instant.MIN).deadline(1000)).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void aDurationIsPositive() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Expiry.after(Duration.ZERO))
                .withMessageContaining("positive");
        assertThatIllegalArgumentException().isThrownBy(() -> Expiry.after(Duration.ofSeconds(-1)));
        assertThatNullPointerException().isThrownBy(() -> Expiry.after(null));
        assertThatNullPointerException().isThrownBy(() -> Expiry.at(null));
    }

    @Test
    void theDefaultOfATableIsPositiveToo() {
        Table<String, String> table = Table.of("words", Keys.string(), Values.string());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> table.expiring(Duration.ZERO))
                .withMessageContaining("positive");
        assertThatIllegalArgumentException().isThrownBy(() -> table.expiring(Duration.ofNanos(-1)));
        assertThatNullPointerException().isThrownBy(() -> table.expiring(null));
    }
}
