// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.redis;

import io.github.kvist.api.Credentials;
import io.github.kvist.api.Options;
import io.github.kvist.backend.Address;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;

/**
 * What an address and the options say.
 *
 * @param name of the store
 * @param connections at most so many at a time
 * @param shown the address for messages, without secrets
 */
record RedisSettings(
        List<HostAndPort> hosts,
        String name,
        boolean isCluster,
        int connections,
        JedisClientConfig client,
        String shown) {

    private static final int PORT = 6379;
    private static final int CONNECTIONS = 16;
    private static final int CONNECTIONS_MAX = 10_000;

    static RedisSettings of(Address address, Options options) {
        Map<String, String> parameters = address.parameters();
        List<HostAndPort> hosts = address.hosts().stream()
                .map(host -> new HostAndPort(host.name(), host.port() == 0 ? PORT : host.port()))
                .toList();
        boolean isCluster = hosts.size() > 1 || isTrue("cluster", parameters.getOrDefault("cluster", "false"));
        String name = parameters.getOrDefault("prefix", "default");
        return new RedisSettings(
                hosts,
                name,
                isCluster,
                number(parameters.getOrDefault("connections", "" + CONNECTIONS)),
                client(address, options, isCluster),
                address + "?prefix=" + name);
    }

    private static JedisClientConfig client(Address address, Options options, boolean isCluster) {
        // Connecting and being admitted are two waits, which together stay within the limit of the call.
        int half =
                (int) Math.max(1, Math.min(Integer.MAX_VALUE, options.timeout().toMillis() / 2));
        DefaultJedisClientConfig.Builder client = DefaultJedisClientConfig.builder()
                .resp2()
                .autoNegotiateProtocol(false)
                .clientSetInfoConfig(ClientSetInfoConfig.DISABLED)
                .connectionTimeoutMillis(half)
                .socketTimeoutMillis(half)
                .database(database(address.path(), isCluster));
        Credentials credentials = options.credentials() != null ? options.credentials() : address.credentials();
        if (credentials != null) {
            client.user(credentials.user().isEmpty() ? null : credentials.user())
                    .password(credentials.password().reveal());
        }
        if (address.scheme().equals("rediss")) {
            client.sslOptions(Tls.verified(address.parameters().get("cacert")));
        } else if (address.parameters().containsKey("cacert")) {
            throw new IllegalArgumentException("cacert is for rediss: alone; redis: speaks no TLS.");
        }
        return client.build();
    }

    private static int database(String path, boolean isCluster) {
        if (path.isEmpty()) {
            return 0;
        }
        if (!path.matches("[0-9]{1,5}") || (isCluster && !path.equals("0"))) {
            throw new IllegalArgumentException("What follows the slash is the number of a database, 0 in a cluster."
                    + " The parameter prefix names the store.");
        }
        return Integer.parseInt(path);
    }

    private static int number(String text) {
        if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > CONNECTIONS_MAX) {
            throw new IllegalArgumentException("connections is a number from 1 to " + CONNECTIONS_MAX + ".");
        }
        return Integer.parseInt(text);
    }

    private static boolean isTrue(String name, @Nullable String text) {
        if ("true".equals(text) || "false".equals(text)) {
            return "true".equals(text);
        }
        throw new IllegalArgumentException(name + " is true or false.");
    }
}
