// SPDX-License-Identifier: Apache-2.0
package io.github.kvist;

import io.github.kvist.api.Durability;
import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.backend.Address;
import io.github.kvist.backend.Backend;
import io.github.kvist.backend.BackendProvider;
import io.github.kvist.backend.file.FileStorage;
import io.github.kvist.backend.memory.MemoryStorage;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.TreeSet;
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

    /** {@code scheme://host:port/…} of a system that a provider opens. */
    record Remote(Address address, BackendProvider provider) implements StoreAddress {
        @Override
        public KvStore open(Options options) {
            Backend backend;
            try {
                backend = provider.open(address, options);
            } catch (NoClassDefFoundError missing) {
                throw new KvException.Unsupported(
                        address.scheme()
                                + ": needs a driver that is not on the class path, or not readable for this module. Add "
                                + provider.dependency() + ".",
                        missing);
            }
            if (backend == null) { // whoever made it may not have had it checked
                throw new IllegalStateException(provider.getClass().getName() + " opened nothing for "
                        + address.scheme() + ":. Tell those who made it.");
            }
            try {
                return Kvist.open(backend, options);
            } catch (Throwable refused) {
                close(backend, refused);
                throw refused;
            }
        }

        private static void close(Backend backend, Throwable refused) {
            try {
                backend.close();
            } catch (Throwable alsoFailed) {
                refused.addSuppressed(alsoFailed);
            }
        }
    }

    /** Takes an address apart, by the providers on the class path. */
    static StoreAddress parse(String uri) {
        return parse(uri, ServiceLoader.load(BackendProvider.class, Kvist.class.getClassLoader()));
    }

    /**
     * Takes an address apart.
     *
     * @throws IllegalArgumentException saying what is known
     */
    static StoreAddress parse(String uri, Iterable<BackendProvider> providers) {
        int colon = uri.indexOf(':');
        String scheme = colon < 0 ? "" : uri.substring(0, colon).toLowerCase(Locale.ROOT);
        String rest = uri.substring(colon + 1);
        int question = rest.indexOf('?');
        String place = question < 0 ? rest : rest.substring(0, question);
        String query = question < 0 ? "" : rest.substring(question + 1);
        return switch (scheme) {
            case "memory" -> memory(place, query);
            case "file" -> directory(place, query);
            default -> remote(scheme, uri, colon < 0, Providers.among(providers));
        };
    }

    private static StoreAddress remote(String scheme, String uri, boolean hasNoScheme, Providers providers) {
        BackendProvider provider = providers.byScheme().get(scheme);
        if (provider != null) {
            Address address = Address.parse(uri);
            address.parameters().keySet().forEach(name -> requireKnown(name, scheme, provider.parameters()));
            return new Remote(address, provider);
        }
        // The address itself is not shown: it may hold a password.
        throw new IllegalArgumentException(
                (hasNoScheme
                                ? "The address of the store has no scheme"
                                : "The scheme \"" + shown(scheme) + "\" is unknown")
                        + ". Known are memory:, file:directory"
                        + providers.byScheme().keySet().stream()
                                .map(name -> ", " + name + "://host")
                                .collect(Collectors.joining())
                        + "; for instance \"file:data/app\"."
                        + (providers.broken() == null ? "" : " A provider on the class path is broken; see the cause."),
                providers.broken());
    }

    private static void requireKnown(String parameter, String scheme, Collection<String> known) {
        if (!known.contains(parameter)) {
            throw new IllegalArgumentException("The parameter \"" + shown(parameter) + "\" is unknown for " + scheme
                    + ":. "
                    + (known.isEmpty()
                            ? "It takes none."
                            : "It takes " + String.join(", ", new TreeSet<>(known)) + "."));
        }
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
            requireKnown(name, scheme, Arrays.asList(known));
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
