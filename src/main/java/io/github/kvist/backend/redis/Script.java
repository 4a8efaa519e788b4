// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What the server runs, put together from files beside this class; each says in its first lines what it takes and answers. */
@SuppressWarnings("ImmutableEnumChecker") // nobody writes to the arrays
enum Script {
    OPEN("time", "millis", "open"),
    META("time", "moved", "meta"),
    GET("time", "moved", "get"),
    SCAN("time", "moved", "scan"),
    COUNT("time", "millis", "moved", "order", "count"),
    PUT("time", "millis", "trim", "put"),
    COMMIT("time", "millis", "trim", "order", "behind", "publish", "commit"),
    DUE("time", "millis", "due"),
    SWEEP("time", "millis", "trim", "publish", "sweep"),
    REMEMBER("time", "remember"),
    OUTCOME("time", "behind", "outcome"),
    CHANGES("time", "changes"),
    RAISE("time", "raise"),
    NAMES("time", "names"),
    FIGURES("time", "millis", "figures");

    private final byte[] text;
    private final byte[] digest;

    Script(String... files) {
        StringBuilder all = new StringBuilder();
        for (String file : files) {
            all.append(read(file)).append('\n');
        }
        text = all.toString().getBytes(StandardCharsets.UTF_8);
        digest = digest(text);
    }

    byte[] text() {
        return text;
    }

    /** The name by which the server knows it once it has run. */
    byte[] digest() {
        return digest;
    }

    private static String read(String file) {
        try (InputStream in = Script.class.getResourceAsStream(file + ".lua")) {
            if (in == null) {
                throw new IllegalStateException(
                        "The script " + file + ".lua is not in the jar. Use the jar as it was built.");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static byte[] digest(byte[] text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1").digest(text);
            return HexFormat.of().formatHex(hash).getBytes(StandardCharsets.US_ASCII);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every JDK has SHA-1.", impossible);
        }
    }
}
