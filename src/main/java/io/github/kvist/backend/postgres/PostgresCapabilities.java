// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.postgres;

import io.github.kvist.api.Capabilities;
import io.github.kvist.api.Capabilities.Support;
import io.github.kvist.api.Capability;
import java.util.Map;

/** What a store in PostgreSQL can do. */
final class PostgresCapabilities {

    static final Capabilities ALL = new Capabilities(
            Map.of(
                    Capability.ORDERED_SCAN, Support.NATIVE,
                    Capability.MULTI_KEY_TRANSACTIONS, Support.NATIVE,
                    Capability.SERIALIZABLE, Support.NATIVE,
                    Capability.COMPARE_AND_SET, Support.NATIVE,
                    Capability.EXPIRY, Support.NATIVE,
                    Capability.WATCH, Support.NATIVE,
                    Capability.WATCH_RESUME, Support.NATIVE,
                    Capability.SNAPSHOT_READS, Support.NATIVE,
                    Capability.SAVEPOINTS, Support.EMULATED),
            Limits.ALL);

    private PostgresCapabilities() {}
}
