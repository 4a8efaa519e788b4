// SPDX-License-Identifier: Apache-2.0
package io.github.kvist;

import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.testkit.HeapStorage;
import io.github.kvist.testkit.KvStoreContract;
import io.github.kvist.testkit.StoreHome;

/** What every store promises, by the built-in engine; opening again is recovery from what was synced. */
final class HeapStoreTest extends KvStoreContract {

    @Override
    protected StoreHome newHome() {
        return new StoreHome() {
            private HeapStorage storage = new HeapStorage();

            @Override
            public KvStore open(Options options) {
                storage = storage.afterCrash();
                return Kvist.open(storage, options);
            }
        };
    }
}
