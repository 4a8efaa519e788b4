// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class JsonInstantsTest {

    private static final String START = "0000-01-01T00:00:00Z";
    private static final String END = "9999-12-31T23:59:59.999999999Z";

    record Day(
            @JsonFormat(pattern = "yyyy-MM-dd'T'HH:mm:ssX") Instant at) {}

    @Property
    void whatIsWrittenIsReadAsTheJdkReadsIt(@ForAll("fourDigitYears") Instant instant) {
        assertThat(plain(instant.toString())).isEqualTo(instant);
        assertThat(read('"' + instant.toString() + '"')).isEqualTo(instant);
    }

    @Property
    void oneStrangeCharNeverMakesAnotherInstantThanTheJdkReads(
            @ForAll("fourDigitYears") Instant instant, @ForAll("strangeChars") char strange, @ForAll int place) {
        StringBuilder text = new StringBuilder(instant.toString());
        text.setCharAt(Math.floorMod(place, text.length()), strange);

        Instant plain = plain(text.toString());

        if (plain != null) {
            assertThat(plain).isEqualTo(Instant.parse(text));
        }
    }

    @Test
    void bothEndsAndLeapDaysArePlain() {
        for (String text : new String[] {START, END, "2024-02-29T00:00:00.5Z", "2000-02-29T12:00:00Z"}) {
            assertThat(plain(text)).as(text).isEqualTo(Instant.parse(text));
        }
    }

    @Test
    void whatIsNoInstantIsNotPlain() {
        for (String text : new String[] {
            "",
            "Z",
            "2024-02-29T00:00:0Z",
            "2023-02-29T00:00:00Z",
            "2024-04-31T00:00:00Z",
            "2024-00-01T00:00:00Z",
            "2024-13-01T00:00:00Z",
            "2024-01-00T00:00:00Z",
            "2024-01-32T00:00:00Z",
            "2024-01-01T24:00:01Z",
            "2024-01-01T00:60:00Z",
            "2024-01-01T00:00:60Z",
            "2024-01-01T00:00:61Z",
            "2024-01-01T00:00:00.Z",
            "2024-01-01T00:00:00,5Z",
            "2024-01-01T00:00:00.1234567890Z",
            "2024-01-01T00:00:00.12x4Z"
        }) {
            assertThat(plain(text)).as(text).isNull();
        }
    }

    @Test
    void otherFormsAreReadAsBefore() {
        Map<String, Instant> forms = Map.of(
                "\"2024-01-01T01:00:00+01:00\"", Instant.parse("2024-01-01T00:00:00Z"),
                "\"+10000-01-01T00:00:00Z\"", Instant.parse("+10000-01-01T00:00:00Z"),
                "\"2024-01-01T24:00:00Z\"", Instant.parse("2024-01-02T00:00:00Z"),
                "1.5", Instant.ofEpochMilli(1500));

        forms.forEach((json, instant) -> assertThat(read(json)).as(json).isEqualTo(instant));
        assertThatThrownBy(() -> read("\"2023-02-29T00:00:00Z\"")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void fieldWithAFormatOfItsOwnKeepsIt() {
        byte[] json = "{\"at\":\"2024-01-01T01:00:00+01\"}".getBytes(StandardCharsets.UTF_8);

        assertThat(Values.json(Day.class).decode(json, 0, json.length).at())
                .isEqualTo(Instant.parse("2024-01-01T00:00:00Z"));
    }

    @Provide
    Arbitrary<Instant> fourDigitYears() {
        long first = Instant.parse(START).getEpochSecond();
        long last = Instant.parse(END).getEpochSecond();
        return Arbitraries.longs()
                .between(first, last)
                .flatMap(second -> Arbitraries.of(0, 500_000_000, 120_000, 1, 999_999_999)
                        .map(nanos -> Instant.ofEpochSecond(second, nanos)));
    }

    @Provide
    Arbitrary<Character> strangeChars() {
        return Arbitraries.chars().with("0123456789-:.TZ+, /;\u0660\uff10".toCharArray());
    }

    private static @Nullable Instant plain(String text) {
        // Behind other chars, as in a parser's buffer.
        return JsonInstants.plain(("\"a\":\"" + text + "\"}").toCharArray(), 5, text.length());
    }

    private static Instant read(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return Values.json(Instant.class).decode(bytes, 0, bytes.length);
    }
}
