// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.conformance;

import io.github.kvist.Kvist;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.backend.Backend;
import io.github.kvist.testkit.KvStoreContract;
import io.github.kvist.testkit.ReferenceBackend;
import io.github.kvist.testkit.StoreHome;

/** A store on a backend with one bug. Not run by itself: its groups fail. */
abstract class WrongStore extends KvStoreContract {

    /** The backend with its bug. */
    abstract Backend wrong(ReferenceBackend right, Options options);

    ReferenceBackend data() {
        return new ReferenceBackend();
    }

    boolean isShared() {
        return false;
    }

    @Override
    protected StoreHome newHome() {
        return new StoreHome() {
            private ReferenceBackend right = data();

            @Override
            public KvStore open(Options options) {
                right = right.reopened(options.clock());
                return Kvist.open(wrong(right, options), options);
            }

            @Override
            public boolean isShared() {
                return WrongStore.this.isShared();
            }
        };
    }
}
