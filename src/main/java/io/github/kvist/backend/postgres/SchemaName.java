// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The schema in which a store lies, and how it is written in SQL. */
record SchemaName(String name) {

    static final String DEFAULT = "kvist";

    private static final int BYTES_MAX = 63;
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{(schema|name)}");

    SchemaName {
        if (name.isEmpty()
                || name.getBytes(StandardCharsets.UTF_8).length > BYTES_MAX
                || name.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("The name of a schema has 1 to " + BYTES_MAX
                    + " bytes in UTF-8 and no control characters. Choose another schema=….");
        }
    }

    /** As an identifier. */
    String quoted() {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** As a text literal, whatever the server thinks of backslashes. */
    private String literal() {
        return (name.indexOf('\\') < 0 ? "'" : " E'")
                + name.replace("\\", "\\\\").replace("'", "''") + "'";
    }

    /** The channel on which commits are told, as an identifier. */
    String channel() {
        return "\"kvist_" + md5(name.getBytes(StandardCharsets.UTF_8)) + '"';
    }

    private static String md5(byte[] bytes) {
        try {
            // Not for security: the server makes the same name by its own md5().
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException partOfEveryJdk) {
            throw new IllegalStateException(partOfEveryJdk);
        }
    }

    /** Puts the name into a text of SQL. */
    String in(String sql) {
        return PLACEHOLDER
                .matcher(sql)
                .replaceAll(found -> Matcher.quoteReplacement(found.group(1).equals("schema") ? quoted() : literal()));
    }

    /** A script that lies beside this class, for this schema. */
    String script(String resource) {
        try (InputStream script = SchemaName.class.getResourceAsStream(resource)) {
            if (script == null) {
                throw new IllegalStateException("The jar has no " + resource + ". Build it whole.");
            }
            return in(new String(script.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
