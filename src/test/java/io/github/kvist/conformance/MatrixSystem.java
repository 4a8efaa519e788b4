// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.conformance;

import io.github.kvist.Kvist;
import io.github.kvist.api.KvStore;
import io.github.kvist.backend.BackendProvider;
import io.github.kvist.servers.PostgresServer;
import io.github.kvist.servers.RedisServer;
import io.github.kvist.servers.Servers;
import java.nio.file.Path;
import java.util.ServiceLoader;

/** A column of the matrix: a system, and the class of tests that runs the kit against it. */
enum MatrixSystem {
    MEMORY("memory", "io.github.kvist.HeapStoreTest") {
        @Override
        KvStore open(Path directory) {
            return Kvist.inMemory();
        }
    },
    FILE("file", "io.github.kvist.FileStoreTest") {
        @Override
        KvStore open(Path directory) {
            return Kvist.open(directory.resolve("file"));
        }
    },
    POSTGRES("PostgreSQL", "io.github.kvist.backend.postgres.PostgresStoreTest") {
        @Override
        KvStore open(Path directory) {
            return Kvist.open(Servers.postgres().uri("matrix"));
        }

        @Override
        void withDurable(Path directory, Work work) {
            try (PostgresServer server = Servers.newPostgres("fsync = on");
                    KvStore store = Kvist.open(server.uri("matrix"))) {
                work.with(store);
            }
        }
    },
    REDIS("Redis", "io.github.kvist.backend.redis.RedisStoreTest") {
        @Override
        KvStore open(Path directory) {
            return Kvist.open(Servers.redis().uri("matrix"));
        }

        @Override
        void withDurable(Path directory, Work work) {
            try (RedisServer server = Servers.newDurableRedis();
                    KvStore store = Kvist.open(server.uri("matrix"))) {
                work.with(store);
            }
        }
    };

    /** Something done with an open store. */
    interface Work {
        void with(KvStore store);
    }

    /** As it stands over the column. */
    final String title;

    final String kit;

    MatrixSystem(String title, String kit) {
        this.title = title;
        this.kit = kit;
    }

    abstract KvStore open(Path directory);

    /** On a server, if it needs one, that acknowledges only what is on its disk. */
    void withDurable(Path directory, Work work) {
        try (KvStore store = open(directory)) {
            work.with(store);
        }
    }

    /** Whether it is part of this build. */
    boolean isPresent() {
        return switch (this) {
            case MEMORY, FILE -> true;
            case POSTGRES -> isProvided("postgresql");
            case REDIS -> isProvided("redis");
        };
    }

    private static boolean isProvided(String scheme) {
        return ServiceLoader.load(BackendProvider.class).stream()
                .anyMatch(provider -> provider.get().schemes().contains(scheme));
    }
}
