// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.KeyCodec;
import io.github.kvist.api.Pair;
import io.github.kvist.api.Triple;
import io.github.kvist.codec.Keys;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every codec of Kvist's own is read and written by its id alone. */
final class FormTest {
    private static final UUID ID = UUID.fromString("123e4567-e89b-12d3-a456-426614174000");

    static Stream<Arguments> keys() {
        return Stream.of(
                key(Keys.string(), "\u00e5 \"x\"", "\u00e5 \"x\"", "\"\u00e5 \\\"x\\\"\""),
                key(Keys.int32(), -7, "-7", "-7"),
                key(Keys.int64(), Long.MIN_VALUE, "-9223372036854775808", "-9223372036854775808"),
                key(Keys.uuid(), ID, ID.toString(), "\"" + ID + "\""),
                key(Keys.instant(), Instant.EPOCH, "1970-01-01T00:00:00Z", "\"1970-01-01T00:00:00Z\""),
                key(Keys.bool(), true, "true", "true"),
                key(Keys.enumOf(TimeUnit.class), TimeUnit.DAYS, "6", "6"),
                key(Keys.bytes(), new byte[] {0, 1}, "hex:0001", null),
                key(
                        Keys.tuple(Keys.string(), Keys.int32()),
                        new Pair<>("a\0b", 3),
                        "[\"a\\u0000b\",3]",
                        "[\"a\\u0000b\",3]"),
                key(
                        Keys.tuple(Keys.bool(), Keys.uuid(), Keys.bytes()),
                        new Triple<>(false, ID, new byte[] {9}),
                        "[false,\"" + ID + "\",\"hex:09\"]",
                        "[false,\"" + ID + "\",\"hex:09\"]"),
                key(
                        Keys.tuple(Keys.tuple(Keys.int64(), Keys.string()), Keys.instant()),
                        new Pair<>(new Pair<>(1L, "x"), Instant.EPOCH),
                        "[[1,\"x\"],\"1970-01-01T00:00:00Z\"]",
                        "[[1,\"x\"],\"1970-01-01T00:00:00Z\"]"));
    }

    private static <K> Arguments key(KeyCodec<K> codec, K key, String text, String json) {
        return Arguments.of(codec.id(), codec.encode(key), text, json);
    }

    @ParameterizedTest
    @MethodSource("keys")
    void bytesAreShownAndTakenBack(String codec, byte[] bytes, String text, String json) {
        Form form = Form.of(codec);

        assertThat(form.text(bytes)).isEqualTo(text);
        assertThat(form.json(bytes)).isEqualTo(json);
        assertThat(form.bytes(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "int32               | 2147483648",
                "int64               | 0x7f",
                "uuid                | 1-1-1-1-1",
                "instant             | 2026-01-31",
                "bool                | yes",
                "enum                | -1",
                "enum                | 65536",
                "bytes               | 00ff",
                "bytes               | hex:0",
                "bytes               | base64:*",
                "tuple(string,int32) | [\"a\"]",
                "tuple(string,int32) | [\"a\",1,2]",
                "tuple(string,int32) | [\"a\",null]",
                "tuple(string,int32) | [\"a\",[1]]",
                "tuple(string,int32) | [\"a\",1] x",
                "json                | null",
                "json                | ''",
                "json                | {} {}",
            })
    void whatIsNotOfTheCodecIsRefused(String codec, String text) {
        assertThatThrownBy(() -> Form.of(codec).bytes(text)).isInstanceOf(RuntimeException.class);
    }

    @Test
    void bytesOfAnotherCodecAreSpelledOut() {
        for (String codec : new String[] {"int64", "uuid", "bool", "enum", "json", "tuple(int32,int32)", "celsius"}) {
            assertThat(Form.of(codec).text(new byte[] {'{', 7, 7})).as(codec).isEqualTo("hex:7b0707");
            assertThat(Form.of(codec).json(new byte[] {'{', 7, 7})).as(codec).isNull();
        }
    }

    @Test
    void tupleWithAnUnknownPartIsBytes() {
        for (String codec : new String[] {"tuple(string,celsius)", "tuple(string)", "tuple(a(b,c),string)"}) {
            assertThat(Form.of(codec)).as(codec).isInstanceOf(BytesForm.class);
        }
    }

    @Test
    void tupleHasPrefixesOfEveryLength() {
        KeyCodec<byte[]> bytes = Keys.bytes();
        var keys = Keys.tuple(Keys.string(), Keys.int32(), Keys.string());
        Form form = Form.of(keys.id());

        assertThat(form.prefix("[\"a\"]").from(bytes))
                .isEqualTo(keys.startingWith("a").from(keys));
        assertThat(form.prefix("[\"a\",1]").from(bytes))
                .isEqualTo(keys.startingWith("a", 1).from(keys));
        assertThat(form.prefix("[\"a\",1,\"b\"]").from(bytes)).isEqualTo(keys.encodePrefix(new Triple<>("a", 1, "b")));
        assertThatThrownBy(() -> form.prefix("[]")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void jsonStaysAsItWasWritten() {
        String json = "{\"price\": 1.10,\t\"n\":12345678901234567890}";

        assertThat(new String(Form.of("json").bytes("  " + json + "\n"), java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo(json);
    }
}
