// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes as fields of JSON: readable where they come back to the byte, in Base64 otherwise. */
final class JsonFormTest {

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\": 1}", "[1,2]", "null", "1", "\"text\"", "{\"a\":\" \"}"})
    void jsonOnOneLineStandsAsItIs(String value) throws IOException {
        assertThat(written("json", value.getBytes(UTF_8))).isEqualTo("{\"f\":" + value + "}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " 1", "1 ", "1\t", "[1,\n2]", "[1,\r2]", "1 2", "{", "text", "[1", "{} {}"})
    void whatIsNoJsonOnOneLineIsBase64(String value) throws IOException {
        assertThat(written("json", value.getBytes(UTF_8))).isEqualTo(base64(value.getBytes(UTF_8)));
    }

    @Test
    void jsonOfBrokenCharactersIsBase64() throws IOException {
        byte[] broken = {'"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'}; // half of a pair of surrogates

        assertThat(written("json", broken)).isEqualTo(base64(broken));
    }

    @ParameterizedTest
    @CsvSource({
        "string, 616263, \"abc\"",
        "int32, 80000005, 5",
        "int64, 8000000000000005, 5",
        "uuid, 00000000000000010000000000000002, \"00000000-0000-0001-0000-000000000002\""
    })
    void keysAndNumbersAreReadable(String codec, String hex, String shown) throws IOException {
        byte[] bytes = HexFormat.of().parseHex(hex);

        assertThat(written(codec, bytes)).isEqualTo("{\"f\":" + shown + "}");
        assertThat(JsonForm.of(codec).bytes(field(shown))).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"int32", "int64", "uuid", "instant"})
    void bytesThatTheCodecDidNotWriteAreBase64(String codec) throws IOException {
        assertThat(written(codec, new byte[] {1, 2, 3})).isEqualTo(base64(new byte[] {1, 2, 3}));
    }

    @Test
    void textThatIsNoUtf8IsBase64() throws IOException {
        assertThat(written("string", new byte[] {(byte) 0xff})).isEqualTo(base64(new byte[] {(byte) 0xff}));
    }

    @Test
    void fieldOfAnotherKindIsRefused() {
        assertThatThrownBy(() -> JsonForm.of("string").bytes(field("1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("it has to be a text, because the codec of this table is string");
        assertThatThrownBy(() -> JsonForm.of("int32").bytes(field("\"1\"")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("it has to be a whole number, because the codec of this table is int32");
        assertThatThrownBy(() -> JsonForm.of("int32").bytes(field("3000000000")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> JsonForm.of("a codec of theirs").bytes(field("1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("give its bytes in Base64");
    }

    @Test
    void base64IsATextOfBase64() {
        assertThat(JsonForm.bytesOfBase64(field("\"AQID\""))).containsExactly(1, 2, 3);
        assertThatThrownBy(() -> JsonForm.bytesOfBase64(field("1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("it has to be a text in Base64");
        assertThatThrownBy(() -> JsonForm.bytesOfBase64(field("\"?\"")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("it is not Base64");
    }

    @Test
    void nameOfATableIsAText() {
        assertThatThrownBy(
                        () -> JsonLine.parse(3, "{\"table\":1}".getBytes(UTF_8)).text(JsonLine.TABLE))
                .isInstanceOf(MalformedLineException.class)
                .hasMessageContaining("the field table has to be a text");
        assertThatThrownBy(() -> JsonLine.parse(3, "{}".getBytes(UTF_8)).text(JsonLine.TABLE))
                .isInstanceOf(MalformedLineException.class)
                .hasMessageContaining("the field table is missing");
    }

    @Test
    void keyIsGivenInOneFormOnly() {
        for (String line : new String[] {"{}", "{\"key\":\"a\",\"key64\":\"AQ==\"}"}) {
            assertThatThrownBy(() -> JsonLine.parse(3, line.getBytes(UTF_8)).bytes(JsonLine.KEY, JsonForm.of("string")))
                    .isInstanceOf(MalformedLineException.class)
                    .hasMessageContaining("exactly one of the fields key and key64");
        }
    }

    @Test
    void placeOfAFieldIsItsColumnInEitherForm() {
        assertThat(JsonLine.parse(1, "{\"key\":\"a\"}".getBytes(UTF_8)).columnOf(JsonLine.KEY))
                .isEqualTo(8);
        assertThat(JsonLine.parse(1, "{\"key64\":\"AQ==\"}".getBytes(UTF_8)).columnOf(JsonLine.KEY))
                .isEqualTo(10);
        assertThat(JsonLine.parse(1, "{}".getBytes(UTF_8)).columnOf(JsonLine.KEY))
                .isEqualTo(1);
    }

    private static JsonLine.Field field(String value) {
        JsonLine.Field field =
                JsonLine.parse(1, ("{\"value\":" + value + "}").getBytes(UTF_8)).field(JsonLine.VALUE);
        assertThat(field).isNotNull();
        return field;
    }

    private static String base64(byte[] bytes) {
        return "{\"f64\":\"" + Base64.getEncoder().encodeToString(bytes) + "\"}";
    }

    private static String written(String codec, byte[] bytes) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JsonForm.JSON.createGenerator(text)) {
            json.writeStartObject();
            JsonForm.of(codec).write(json, "f", bytes);
            json.writeEndObject();
        }
        return text.toString();
    }
}
