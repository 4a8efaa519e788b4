// SPDX-License-Identifier: Apache-2.0

/**
 * Kvist: an embedded, transactional key-value store that grows on a radix tree.
 *
 * <p>Only the rooms that a user enters are exported; the engine behind them may change at any time.
 */
module io.github.kvist {
    exports io.github.kvist;
    exports io.github.kvist.api;
    exports io.github.kvist.backend;
    exports io.github.kvist.backend.postgres; // backend.postgres
    exports io.github.kvist.backend.redis; // backend.redis
    exports io.github.kvist.codec;
    exports io.github.kvist.micrometer;
    exports io.github.kvist.migrate;

    requires transitive com.fasterxml.jackson.core;
    requires com.fasterxml.jackson.databind;
    requires com.fasterxml.jackson.datatype.jdk8;
    requires com.fasterxml.jackson.datatype.jsr310;
    // Part of every JDK, and what an image of one needs to show events; without it on the class path there are none.
    requires jdk.jfr;
    requires org.eclipse.collections.api;
    requires org.eclipse.collections.impl;

    uses io.github.kvist.backend.BackendProvider;

    requires static com.zaxxer.hikari; // backend.postgres
    requires static info.picocli;
    requires static transitive java.sql; // backend.postgres
    requires static micrometer.core;
    requires static org.checkerframework.checker.qual; // backend.postgres
    requires static org.postgresql.jdbc; // backend.postgres
    requires static redis.clients.jedis; // backend.redis
    requires static transitive org.jspecify;

    provides io.github.kvist.backend.BackendProvider with
            io.github.kvist.backend.redis.RedisProvider, // backend.redis
            io.github.kvist.backend.postgres.PostgresProvider; // backend.postgres

    // The command's own records and arguments, which these two reach by reflection.
    opens io.github.kvist.cli to
            com.fasterxml.jackson.databind,
            info.picocli;
}
