// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.redis;

import io.github.kvist.api.Options;
import io.github.kvist.backend.Address;
import io.github.kvist.backend.Backend;
import io.github.kvist.backend.BackendProvider;
import java.util.Set;

/**
 * Opens stores in Redis or Valkey: {@code redis://user:password@host:port/database?prefix=NAME}, with TLS {@code rediss://…}.
 * Several hosts are nodes of one cluster. Immutable.
 *
 * <p>Parameters: {@code prefix}, the name of the store ({@code default}); {@code connections}, at most so many at a time (16);
 * {@code cacert}, a PEM file of the authorities that are trusted instead of the JDK's; {@code cluster}, true if the one host that is
 * named is a node of a cluster.
 */
public final class RedisProvider implements BackendProvider {

    /** For {@link java.util.ServiceLoader}. */
    public RedisProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("redis", "rediss");
    }

    @Override
    public Set<String> parameters() {
        return Set.of("prefix", "cluster", "connections", "cacert");
    }

    @Override
    public String dependency() {
        return "redis.clients:jedis";
    }

    @Override
    public Backend open(Address address, Options options) {
        return RedisBackend.open(RedisSettings.of(address, options), options);
    }
}
