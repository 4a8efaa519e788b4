// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.migrate;

import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.backend.Backend;
import io.github.kvist.backend.ChangeFeed;
import io.github.kvist.table.TableStore;

/** Looks at a store as something to move from or to. */
final class Side {

    private Side() {}

    static TableStore from(KvStore store) {
        TableStore source = of(store, "source");
        if (!(source.backend() instanceof ChangeFeed)) {
            throw new KvException.Unsupported(
                    "The source at " + source.backend().description()
                            + " does not tell its changes (WATCH), so it cannot be followed while it is in use.");
        }
        return source;
    }

    static TableStore to(KvStore store, TableStore source) {
        TableStore target = of(store, "target");
        Backend there = target.backend();
        if (there == source.backend()) {
            throw new IllegalArgumentException("Source and target are the same store. Name two.");
        }
        return target;
    }

    static TableStore of(KvStore store, String what) {
        if (store instanceof TableStore tables) {
            return tables;
        }
        throw new IllegalArgumentException(
                "The " + what
                        + " is not a store that Kvist opened itself. Name the two stores, and not one that switches between some.");
    }
}
