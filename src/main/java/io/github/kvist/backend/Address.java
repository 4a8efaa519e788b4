// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend;

import io.github.kvist.api.Credentials;
import io.github.kvist.api.Secret;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The address of a system on the network, {@code scheme://user:password@host:port,host:port/path?name=value&…}, taken apart; every
 * part may hold {@code %xx}. Nothing that it throws or prints holds a password.
 *
 * @param credentials as the address has them
 * @param hosts at least one
 * @param path what follows the first slash; empty if there is none
 */
public record Address(
        String scheme,
        @Nullable Credentials credentials,
        List<Host> hosts,
        String path,
        Map<String, String> parameters) {

    private static final int PORT_MAX = 65_535;

    /**
     * One server.
     *
     * @param port 0 for the one that the system uses by default
     */
    public record Host(String name, int port) {
        /** As it stands in an address. */
        @Override
        public String toString() {
            String shown = name.indexOf(':') >= 0 ? "[" + name + "]" : name;
            return port == 0 ? shown : shown + ":" + port;
        }
    }

    public Address {
        hosts = List.copyOf(hosts);
        parameters = Map.copyOf(parameters);
    }

    /**
     * Takes an address apart.
     *
     * @throws IllegalArgumentException if it is malformed; says where, but shows nothing that may be a secret
     */
    public static Address parse(String uri) {
        int colon = uri.indexOf("://");
        if (colon <= 0) {
            throw malformed("has no \"://\" behind its scheme");
        }
        String scheme = uri.substring(0, colon).toLowerCase(Locale.ROOT);
        String rest = uri.substring(colon + 3);
        int question = rest.indexOf('?');
        Map<String, String> parameters = question < 0 ? Map.of() : parameters(rest.substring(question + 1));
        String place = question < 0 ? rest : rest.substring(0, question);
        int slash = place.indexOf('/');
        String path = slash < 0 ? "" : decoded(place.substring(slash + 1));
        String authority = slash < 0 ? place : place.substring(0, slash);
        int at = authority.lastIndexOf('@');
        // Its password would be taken for a port, a path or a parameter, which messages show.
        if (rest.indexOf('@', authority.length()) >= 0) {
            throw malformed("has an @ behind its first / or ?; special characters of a password are written as %xx");
        }
        return new Address(
                scheme,
                at < 0 ? null : credentials(authority.substring(0, at)),
                hosts(authority.substring(at + 1)),
                path,
                parameters);
    }

    private static Credentials credentials(String text) {
        int colon = text.indexOf(':');
        String user = colon < 0 ? text : text.substring(0, colon);
        return new Credentials(decoded(user), new Secret(colon < 0 ? "" : decoded(text.substring(colon + 1))));
    }

    private static List<Host> hosts(String text) {
        List<Host> hosts = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            hosts.add(host(part));
        }
        return hosts;
    }

    private static Host host(String text) {
        int colon = text.lastIndexOf(':');
        boolean hasPort = colon > text.lastIndexOf(']');
        String name = decoded(hasPort ? text.substring(0, colon) : text);
        if (name.startsWith("[") && name.endsWith("]")) {
            name = name.substring(1, name.length() - 1);
        } else if (name.indexOf(':') >= 0) {
            // Without its @, user and password would be taken for a host, which messages show.
            throw malformed(
                    "has a colon in the name of a host; write user:password@host:port, and [::1] for a number of"
                            + " version 6");
        }
        if (name.isEmpty()) {
            throw malformed("names no host; write scheme://host:port/…");
        }
        return new Host(name, hasPort ? port(text.substring(colon + 1)) : 0);
    }

    private static int port(String text) {
        try {
            int port = Integer.parseInt(text);
            if (port > 0 && port <= PORT_MAX) {
                return port;
            }
        } catch (NumberFormatException notANumber) {
            // Refused below. The text is not shown: behind a forgotten @ it is the password.
        }
        throw malformed("has a port that is no number from 1 to " + PORT_MAX
                + "; special characters of a password are written as %xx");
    }

    private static Map<String, String> parameters(String query) {
        Map<String, String> parameters = new TreeMap<>();
        for (String part : query.isEmpty() ? new String[0] : query.split("&", -1)) {
            int equals = part.indexOf('=');
            if (equals <= 0
                    || parameters.put(decoded(part.substring(0, equals)), decoded(part.substring(equals + 1)))
                            != null) {
                throw malformed("has a parameter without a value, or one twice; write name=value&name=value");
            }
        }
        return parameters;
    }

    private static String decoded(String text) {
        try {
            // A plus is a plus, in a password as in a path.
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notShown) {
            throw malformed("has a % that is not followed by two hexadecimal digits; write %25 for a percent sign");
        }
    }

    private static IllegalArgumentException malformed(String what) {
        return new IllegalArgumentException("The address of the store " + what + ".");
    }

    /** Without credentials and parameters. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(scheme).append("://");
        for (int i = 0; i < hosts.size(); i++) {
            text.append(i == 0 ? "" : ",").append(hosts.get(i));
        }
        return path.isEmpty() ? text.toString() : text.append('/').append(path).toString();
    }
}
