// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.api;

/** The one rule for names of tables and indexes. */
final class Names {

    private static final int CHARACTERS_MAX = 200;

    private Names() {}

    static String checked(String kind, String name) {
        if (name.isEmpty() || name.length() > CHARACTERS_MAX) {
            throw new IllegalArgumentException("The name of a " + kind + " has 1 to " + CHARACTERS_MAX
                    + " characters, not " + name.length() + ". Choose another name.");
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (Character.isISOControl(c) || Character.isSurrogate(c)) {
                throw new IllegalArgumentException(
                        "The name of a " + kind + " has U+%04X at position %d. ".formatted((int) c, i)
                                + "Use letters, digits and punctuation.");
            }
        }
        return name;
    }
}
