// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.Kvist;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.testkit.KvStoreContract;
import io.github.kvist.testkit.ReferenceBackend;
import io.github.kvist.testkit.StoreHome;

/** The table layer on the simplest backend there is. */
final class ReferenceStoreTest extends KvStoreContract {

    @Override
    protected StoreHome newHome() {
        return new StoreHome() {
            private ReferenceBackend backend = new ReferenceBackend();

            @Override
            public KvStore open(Options options) {
                backend = backend.reopened(options.clock());
                return Kvist.open(backend, options);
            }
        };
    }
}
