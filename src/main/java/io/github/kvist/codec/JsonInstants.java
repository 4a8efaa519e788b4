// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.codec;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.deser.ContextualDeserializer;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.datatype.jsr310.deser.InstantDeserializer;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import org.jspecify.annotations.Nullable;

/**
 * Reads instants as they are written, {@code 2026-01-31T23:59:59.123456789Z}, without the JDK's general formatter, which takes
 * longer than all else in a small record. Whatever looks different, and fields with a format of their own, are left to
 * Jackson.
 */
final class JsonInstants extends StdScalarDeserializer<Instant> implements ContextualDeserializer {

    private static final long serialVersionUID = 1;

    private static final int SECONDS_END = "2026-01-31T23:59:59".length();
    private static final int FRACTION_DIGITS_MAX = 9;
    private static final int SHORTEST_MONTH = 28;

    JsonInstants() {
        super(Instant.class);
    }

    @Override
    public JsonDeserializer<?> createContextual(DeserializationContext context, @Nullable BeanProperty property)
            throws JsonMappingException {
        JsonDeserializer<?> general = InstantDeserializer.INSTANT.createContextual(context, property);
        return general == InstantDeserializer.INSTANT ? this : general;
    }

    @Override
    public Instant deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        if (parser.hasToken(JsonToken.VALUE_STRING)) {
            Instant plain = plain(parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
            if (plain != null) {
                return plain;
            }
        }
        return InstantDeserializer.INSTANT.deserialize(parser, context);
    }

    /** The instant of a text in the plain form; null if the text has another form, or is no instant. */
    static @Nullable Instant plain(char[] text, int at, int length) {
        int last = length - 1;
        if (last < SECONDS_END
                || text[at + 4] != '-'
                || text[at + 7] != '-'
                || text[at + 10] != 'T'
                || text[at + 13] != ':'
                || text[at + 16] != ':'
                || text[at + last] != 'Z') {
            return null;
        }
        int year = number(text, at, 4);
        int month = number(text, at + 5, 2);
        int day = number(text, at + 8, 2);
        int hour = number(text, at + 11, 2);
        int minute = number(text, at + 14, 2);
        int second = number(text, at + 17, 2);
        int nanos = last == SECONDS_END ? 0 : nanos(text, at + SECONDS_END, last - SECONDS_END);
        if ((year | month | day | hour | minute | second | nanos) < 0
                || !isDay(year, month, day)
                || hour > 23
                || minute > 59
                || second > 59) {
            return null;
        }
        long seconds = (hour * 60L + minute) * 60 + second;
        return Instant.ofEpochSecond(LocalDate.of(year, month, day).toEpochDay() * 86_400 + seconds, nanos);
    }

    private static boolean isDay(int year, int month, int day) {
        return month >= 1
                && month <= 12
                && day >= 1
                && (day <= SHORTEST_MONTH || day <= YearMonth.of(year, month).lengthOfMonth());
    }

    /** A point and up to nine digits; negative if it is something else. */
    private static int nanos(char[] text, int at, int length) {
        int digits = length - 1;
        if (text[at] != '.' || digits == 0 || digits > FRACTION_DIGITS_MAX) {
            return -1;
        }
        int nanos = number(text, at + 1, digits);
        for (int i = digits; i < FRACTION_DIGITS_MAX && nanos > 0; i++) {
            nanos *= 10;
        }
        return nanos;
    }

    /** Negative unless all are digits. */
    private static int number(char[] text, int at, int digits) {
        int number = 0;
        for (int i = at; i < at + digits; i++) {
            int digit = text[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }
}
