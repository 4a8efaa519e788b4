// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.postgres;

import io.github.kvist.servers.Servers;
import io.github.kvist.testkit.KvStoreContract;
import io.github.kvist.testkit.StoreHome;
import org.junit.jupiter.api.extension.ExtendWith;

/** What every store promises, by one in PostgreSQL. */
@ExtendWith(Servers.class)
final class PostgresStoreTest extends KvStoreContract {

    @Override
    protected StoreHome newHome() {
        return new PostgresHome();
    }
}
