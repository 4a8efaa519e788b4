// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.postgres;

import io.github.kvist.testkit.KvStoreContract;
import io.github.kvist.testkit.StoreHome;

/** What every store promises, by one in PostgreSQL. */
final class PostgresStoreTest extends KvStoreContract {

    @Override
    protected StoreHome newHome() {
        return new PostgresHome();
    }
}
