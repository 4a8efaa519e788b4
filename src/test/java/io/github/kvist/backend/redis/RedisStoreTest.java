// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.redis;

import io.github.kvist.Kvist;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.servers.RedisServer;
import io.github.kvist.servers.Servers;
import io.github.kvist.testkit.KvStoreContract;
import io.github.kvist.testkit.StoreHome;
import java.util.concurrent.atomic.AtomicInteger;

/** What every store promises, by one Redis server; each home is a store of its own name. */
final class RedisStoreTest extends KvStoreContract {

    private static final AtomicInteger HOMES = new AtomicInteger();

    @Override
    protected StoreHome newHome() {
        RedisServer server = Servers.redis();
        String uri = server.uri("contract-" + HOMES.incrementAndGet());
        return new StoreHome() {
            @Override
            public KvStore open(Options options) {
                return Kvist.open(uri, options);
            }

            @Override
            public boolean isRemote() {
                return true;
            }
        };
    }
}
