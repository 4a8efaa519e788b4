// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.type.TypeReference;
import io.github.kvist.api.Codec;
import io.github.kvist.api.Slice;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ValuesTest {

    record Address(String street, Optional<String> extra) {}

    record Person(
            String name,
            int age,
            Instant born,
            LocalDate day,
            OffsetDateTime local,
            ZonedDateTime zoned,
            Duration span,
            BigDecimal balance,
            List<Address> addresses,
            Map<String, Long> counts,
            Optional<String> note) {}

    record Grown(String name, int age, boolean active, String added, Optional<String> note, List<String> tags) {}

    record Even(int number) {
        Even {
            if (number % 2 != 0) {
                throw new IllegalStateException("odd");
            }
        }
    }

    record Node(Node next) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
    interface Anything {}

    private static final Person ANN = new Person(
            "Änn?",
            41,
            Instant.parse("1983-02-03T04:05:06.123456789Z"),
            LocalDate.of(2024, 2, 29),
            OffsetDateTime.parse("2024-01-01T00:00:00+05:30"),
            ZonedDateTime.of(2024, 7, 1, 12, 0, 0, 0, ZoneId.of("Europe/Oslo")),
            Duration.ofMillis(1500),
            new BigDecimal("10.50"),
            List.of(new Address("Elm", Optional.empty()), new Address("Oak", Optional.of("c/o"))),
            Map.of("a", 1L << 40),
            Optional.of("hi"));

    @Test
    void recordComesBackEqual() {
        Codec<Person> codec = Values.json(Person.class);

        assertThat(roundTrip(codec, ANN)).isEqualTo(ANN);
        assertThat(new String(codec.encode(ANN), StandardCharsets.UTF_8))
                .contains("\"1983-02-03T04:05:06.123456789Z\"");
    }

    @Test
    void genericTypesComeBackEqual() {
        Codec<Map<String, List<Address>>> codec = Values.json(new TypeReference<>() {});
        Map<String, List<Address>> value = Map.of("x", List.of(new Address("Elm", Optional.of("y"))));

        assertThat(roundTrip(codec, value)).isEqualTo(value);
    }

    @Test
    void unknownPropertiesAreIgnoredAndMissingOnesTakeTheirDefault() {
        assertThat(json(Grown.class, "{\"name\":\"a\",\"gone\":{\"x\":[1]}}"))
                .isEqualTo(new Grown("a", 0, false, null, Optional.empty(), null));
    }

    @Test
    void idNamesTheFormatAndNotTheClass() {
        assertThat(Values.json(Person.class).id())
                .isEqualTo(Values.json(Address.class).id())
                .isEqualTo("json");
        assertThat(Values.slices().id()).isEqualTo(Values.bytes().id());
    }

    @Test
    void badJsonIsRefusedWithoutShowingIt() {
        for (String bad : List.of(
                "", "{\"age\":\"CANARY\"}", "{\"name\":CANARY}", "\"CANARY\"", "{} CANARY", "{\"name\":\"CANARY")) {
            assertThatThrownBy(() -> json(Grown.class, bad))
                    .as(bad)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("Grown")
                    .hasNoCause()
                    .hasMessageNotContaining("CANARY");
        }
        assertThatThrownBy(() -> json(Grown.class, "null")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void exceptionOfTheUsersClassIsTheCause() {
        assertThatThrownBy(() -> json(Even.class, "{\"number\":3}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasRootCauseInstanceOf(IllegalStateException.class)
                .hasRootCauseMessage("odd");
    }

    @Test
    void nestingIsBoundedInBothDirections() {
        assertThatThrownBy(() -> json(Node.class, "{\"next\":".repeat(10_000)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("StreamConstraintsException");
        assertThat(Values.json(Node.class).encode(chain(60))).isNotEmpty();
        assertThatThrownBy(() -> Values.json(Node.class).encode(chain(70)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> json(BigDecimal.class, "1".repeat(10_000)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void jsonDoesNotChooseTheClass() {
        assertThat(json(Object.class, "{\"@class\":\"javax.swing.JEditorPane\"}"))
                .isEqualTo(Map.of("@class", "javax.swing.JEditorPane"));
        assertThat(json(Object.class, "[\"javax.swing.JEditorPane\",{}]")).isInstanceOf(List.class);
        assertThatThrownBy(() -> json(Anything.class, "{\"@class\":\"java.lang.Thread\"}"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void plainValuesComeBackEqual() {
        assertThat(roundTrip(Values.string(), "aß\uD83D\uDE00")).isEqualTo("aß\uD83D\uDE00");
        assertThat(roundTrip(Values.int64(), -7L)).isEqualTo(-7L);
        assertThat(roundTrip(Values.bytes(), new byte[] {1, 0})).containsExactly(1, 0);
    }

    @Test
    void ownCodecGetsItsOwnCopy() {
        byte[] stored = {9, 1, 2, 9};
        Codec<byte[]> codec = Values.of("mine", bytes -> bytes, bytes -> bytes);

        byte[] decoded = codec.decode(stored, 1, 2);
        decoded[0] = 5;

        assertThat(stored).containsExactly(9, 1, 2, 9);
        assertThat(codec.id()).isEqualTo("mine");
    }

    @Test
    void sliceShowsItsBytesAndNothingElse() {
        byte[] stored = {9, 9, 0, 0, 0, 0, 0, 0, 1, 2, 9};

        Slice slice = Values.slices().decode(stored, 2, 8);

        assertThat(slice.length()).isEqualTo(8);
        assertThat(slice.byteAt(7)).isEqualTo((byte) 2);
        assertThat(slice.longAt(0)).isEqualTo(258);
        assertThat(slice.toBytes()).containsExactly(0, 0, 0, 0, 0, 0, 1, 2);
        for (int outside : List.of(-1, 8)) {
            assertThatThrownBy(() -> slice.byteAt(outside)).isInstanceOf(IndexOutOfBoundsException.class);
        }
        for (int outside : List.of(-1, 1, Integer.MAX_VALUE)) {
            assertThatThrownBy(() -> slice.longAt(outside)).isInstanceOf(IndexOutOfBoundsException.class);
        }
        assertThat(Values.slices().encode(slice)).isEqualTo(slice.toBytes());
    }

    @Test
    void bufferOfASliceCannotLeaveItOrChangeIt() {
        ByteBuffer buffer =
                Values.slices().decode(new byte[] {9, 1, 2, 9}, 1, 2).asByteBuffer();

        assertThat(buffer.capacity()).isEqualTo(2);
        assertThat(buffer.get(0)).isEqualTo((byte) 1);
        assertThat(buffer.hasArray()).isFalse();
        assertThatThrownBy(() -> buffer.put(0, (byte) 3)).isInstanceOf(ReadOnlyBufferException.class);
    }

    @Test
    void slicesAreEqualIfTheirBytesAre() {
        Slice one = Values.slices().decode(new byte[] {1, 2, 3}, 1, 2);
        Slice same = Values.slices().decode(new byte[] {2, 3}, 0, 2);
        Slice other = Values.slices().decode(new byte[] {2, 4}, 0, 2);

        assertThat(one).isEqualTo(same).hasSameHashCodeAs(same).isNotEqualTo(other);
        assertThat(one.toString()).isEqualTo("Slice of 2 bytes");
    }

    private static Node chain(int length) {
        Node node = null;
        for (int i = 0; i < length; i++) {
            node = new Node(node);
        }
        return node;
    }

    private static <V> V json(Class<V> type, String text) {
        byte[] bytes = ("xx" + text + "yy").getBytes(StandardCharsets.UTF_8);
        return Values.json(type).decode(bytes, 2, bytes.length - 4);
    }

    private static <V> V roundTrip(Codec<V> codec, V value) {
        byte[] encoded = codec.encode(value);
        return codec.decode(encoded, 0, encoded.length);
    }

    @Test
    void jsonIsReadAsUtf8WhateverItsFirstBytesLookLike() {
        byte[] likeUtf32 = {'{', 0, 0, 0, 'i', 'n', 't', '6', '4', '"', '}'};

        assertThatThrownBy(() -> Values.json(Object.class).decode(likeUtf32, 0, likeUtf32.length))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("JSON of 11 bytes cannot be read");
    }
}
