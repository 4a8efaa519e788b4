// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;

final class FiguresTest {

    @Test
    void numbersAreAlikeInEveryLocale() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
        try {
            assertThat(Figures.number(1_234_567)).isEqualTo("1,234,567");
            assertThat(Figures.duration(Duration.ofMillis(1_540).toNanos())).isEqualTo("1.5 s");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void oneIsNotAPlural() {
        assertThat(Figures.counted(1, "class", "classes")).isEqualTo("1 class");
        assertThat(Figures.counted(0, "class", "classes")).isEqualTo("0 classes");
        assertThat(Figures.counted(2_000, "class", "classes")).isEqualTo("2,000 classes");
    }

    @Test
    void lessThanASecondIsGivenInMilliseconds() {
        assertThat(Figures.duration(Duration.ofMillis(42).toNanos())).isEqualTo("42 ms");
    }

    @Test
    void ratesArePerSecondAndSurviveNoTimeAtAll() {
        assertThat(Figures.perSecond(500, Duration.ofMillis(250).toNanos())).isEqualTo("2,000");
        assertThat(Figures.perSecond(1, 0)).isEqualTo("1,000,000,000");
    }
}
