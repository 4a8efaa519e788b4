// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.codec;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Text as UTF-8, without the replacement characters by which the JDK hides what cannot be encoded or decoded.
 *
 * <p>Bytes of UTF-8 in unsigned order are code points in order.
 */
final class Utf8 {

    private static final char REPLACEMENT = '\uFFFD';
    private static final int SURROGATES = Character.MIN_SURROGATE;
    private static final int ABOVE_SURROGATES = Character.MAX_SURROGATE + 1;

    private Utf8() {}

    static byte[] encode(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        // As many bytes as chars: ASCII, or half a surrogate pair that became a question mark.
        if (bytes.length != text.length() || hasQuestionMark(bytes)) {
            requirePairs(text);
        }
        return bytes;
    }

    static String decode(byte[] source, int offset, int length) {
        String text = new String(source, offset, length, StandardCharsets.UTF_8);
        if (text.indexOf(REPLACEMENT) >= 0) {
            requireUtf8(source, offset, length);
        }
        return text;
    }

    /** Compares by code points; {@link String#compareTo} puts supplementary ones before the last of the basic plane. */
    static int compare(String a, String b) {
        int common = Math.min(a.length(), b.length());
        for (int i = 0; i < common; i++) {
            char left = a.charAt(i);
            char right = b.charAt(i);
            if (left != right) {
                return Integer.compare(rank(left), rank(right));
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    /** Surrogates stand for code points above all other chars. */
    private static int rank(char c) {
        if (c < SURROGATES) {
            return c;
        }
        return c < ABOVE_SURROGATES ? c + 0x10000 : c;
    }

    private static boolean hasQuestionMark(byte[] bytes) {
        for (byte b : bytes) {
            if (b == '?') {
                return true;
            }
        }
        return false;
    }

    private static void requirePairs(String text) {
        int codePoint;
        for (int i = 0; i < text.length(); i += Character.charCount(codePoint)) {
            codePoint = text.codePointAt(i);
            if (SURROGATES <= codePoint && codePoint < ABOVE_SURROGATES) {
                throw new IllegalArgumentException("The char at position " + i + " of a text of " + text.length()
                        + " is half of a surrogate pair, which has no encoding. Remove it, or store bytes.");
            }
        }
    }

    private static void requireUtf8(byte[] source, int offset, int length) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(source, offset, length));
        } catch (CharacterCodingException malformed) {
            throw new IllegalArgumentException(
                    "A text of " + length + " bytes is not UTF-8; it was written by another codec.", malformed);
        }
    }
}
