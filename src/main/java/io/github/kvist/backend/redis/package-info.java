// SPDX-License-Identifier: Apache-2.0
/**
 * A store in Redis or Valkey, on one server or in one slot of a cluster, that any number of processes share. Every commit and every read is
 * one script, which the server runs alone.
 *
 * <p>Start at {@link io.github.kvist.backend.redis.RedisProvider}; the layout is in {@code docs/backends/redis.md}. Imports {@code api} and
 * {@code backend}; needs Jedis.
 */
@NullMarked
package io.github.kvist.backend.redis;

import org.jspecify.annotations.NullMarked;
