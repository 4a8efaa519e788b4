// SPDX-License-Identifier: Apache-2.0
package io.github.kvist;

import io.github.kvist.api.Durability;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.backend.file.FileStorage;
import io.github.kvist.backend.memory.MemoryStorage;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The address of a store: {@code scheme:place?name=value&…}. Parsing creates nothing. */
sealed interface StoreAddress {

    KvStore open(Options options);

    /** {@code memory:} */
    record Memory() implements StoreAddress {
        @Override
        public KvStore open(Options options) {
            return Kvist.open(new MemoryStorage(), options);
        }
    }

    /** {@code file:directory?durability=…} */
    record Directory(Path path, Map<String, String> parameters) implements StoreAddress {
        @Override
        public KvStore open(Options options) {
            String durability = parameters.get("durability");
            Options chosen = durability == null ? options : options.durability(durability(durability));
            return Kvist.open(new FileStorage(path), chosen);
        }
    }

    /**
     * Takes an address apart.
     *
     * @throws IllegalArgumentException saying what is known
     */
    static StoreAddress parse(String uri) {
        int colon = uri.indexOf(':');
        String scheme = colon < 0 ? "" : uri.substring(0, colon).toLowerCase(Locale.ROOT);
        String rest = uri.substring(colon + 1);
        int question = rest.indexOf('?');
        String place = question < 0 ? rest : rest.substring(0, question);
        String query = question < 0 ? "" : rest.substring(question + 1);
        return switch (scheme) {
            case "memory" -> memory(place, query);
            case "file" -> directory(place, query);
            // The address itself is not shown: it may hold a password.
            default ->
                throw new IllegalArgumentException((colon < 0
                                ? "The address of the store has no scheme"
                                : "The scheme \"" + shown(scheme) + "\" is unknown")
                        + ". Known are memory: and file:directory, for instance \"file:data/app\".");
        };
    }

    private static StoreAddress memory(String place, String query) {
        if (!place.isEmpty()) {
            throw new IllegalArgumentException(
                    "\"memory:\" takes nothing behind the colon. For a store that is kept use \"file:directory\".");
        }
        parameters("memory", query);
        return new Memory();
    }

    private static StoreAddress directory(String place, String query) {
        String decoded = decode(place);
        if (decoded.isEmpty()) {
            throw new IllegalArgumentException("\"file:\" is followed by a directory, for instance \"file:data/app\".");
        }
        Map<String, String> parameters = parameters("file", query, "durability");
        if (parameters.containsKey("durability")) {
            durability(parameters.get("durability"));
        }
        // file:///data/app and file:/data/app mean the same.
        String path = decoded.startsWith("///") ? decoded.substring(2) : decoded;
        if (path.startsWith("//")) {
            throw new IllegalArgumentException(
                    "A file: address names no host. Use file:directory, file:/directory or file:///directory.");
        }
        try {
            return new Directory(Path.of(path), parameters);
        } catch (InvalidPathException invalid) {
            throw new IllegalArgumentException("Not a path of this system: " + invalid.getReason() + ".", invalid);
        }
    }

    private static Map<String, String> parameters(String scheme, String query, String... known) {
        Map<String, String> parameters = new TreeMap<>();
        for (String part : query.isEmpty() ? new String[0] : query.split("&", -1)) {
            int equals = part.indexOf('=');
            String name = decode(equals < 0 ? part : part.substring(0, equals));
            if (!Arrays.asList(known).contains(name)) {
                throw new IllegalArgumentException("The parameter \"" + shown(name) + "\" is unknown for " + scheme
                        + ":. "
                        + (known.length == 0 ? "It takes none." : "It takes " + String.join(", ", known) + "."));
            }
            if (equals < 0 || parameters.put(name, decode(part.substring(equals + 1))) != null) {
                throw new IllegalArgumentException(
                        "The parameter \"" + name + "\" needs one value, as in " + name + "=value, and only once.");
            }
        }
        return parameters;
    }

    private static Durability durability(String text) {
        for (Durability durability : Durability.values()) {
            if (durability.name().equalsIgnoreCase(text)) {
                return durability;
            }
        }
        String known = Arrays.stream(Durability.values())
                .map(durability -> durability.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
        throw new IllegalArgumentException("durability is one of " + known + ", not \"" + shown(text) + "\".");
    }

    private static String decode(String text) {
        try {
            // A plus is a plus in a path.
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException(
                    "The address of the store has a % that is not followed by two hexadecimal digits. Write %25 for a percent sign.",
                    malformed);
        }
    }

    private static String shown(String text) {
        String printable = text.replaceAll("\\p{Cntrl}", "?");
        return printable.length() > 40 ? printable.substring(0, 40) + "…" : printable;
    }
}
