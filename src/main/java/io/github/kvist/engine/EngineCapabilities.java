// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import io.github.kvist.api.Capabilities;
import io.github.kvist.api.Capabilities.Support;
import io.github.kvist.api.Capability;
import java.util.EnumMap;
import java.util.Map;

/** What the engine can do: all of it by itself. */
final class EngineCapabilities {

    static final Capabilities ALL = new Capabilities(
            natively(
                    Capability.ORDERED_SCAN,
                    Capability.MULTI_KEY_TRANSACTIONS,
                    Capability.SERIALIZABLE,
                    Capability.COMPARE_AND_SET,
                    Capability.EXPIRY,
                    Capability.WATCH,
                    Capability.WATCH_RESUME,
                    Capability.SNAPSHOT_READS,
                    Capability.SAVEPOINTS,
                    Capability.HISTORY,
                    Capability.DIFF,
                    Capability.FORK,
                    Capability.IMAGES),
            StoreLimits.LIMITS);

    private EngineCapabilities() {}

    private static Map<Capability, Support> natively(Capability... capabilities) {
        Map<Capability, Support> all = new EnumMap<>(Capability.class);
        for (Capability capability : capabilities) {
            all.put(capability, Support.NATIVE);
        }
        return all;
    }
}
