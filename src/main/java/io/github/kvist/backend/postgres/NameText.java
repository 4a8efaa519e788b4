// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.postgres;

/**
 * Names of keyspaces as the server keeps them: printable ASCII, so that a database of any encoding takes any name. All else, and
 * the backslash, becomes a backslash and four hexadecimal digits.
 */
final class NameText {

    private static final int DIGITS = 4;

    private NameText() {}

    static String of(String name) {
        StringBuilder text = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c >= ' ' && c <= '~' && c != '\\') {
                text.append(c);
            } else {
                text.append("\\%04x".formatted((int) c));
            }
        }
        return text.toString();
    }

    static String name(String text) {
        StringBuilder name = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                name.append((char) Integer.parseInt(text.substring(i + 1, i + 1 + DIGITS), 16));
                i += DIGITS;
            } else {
                name.append(c);
            }
        }
        return name.toString();
    }
}
