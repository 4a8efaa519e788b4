// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.api;

/** Something that a store may be able to do; {@link Options#require} refuses a store that cannot. */
public enum Capability {
    ORDERED_SCAN,
    MULTI_KEY_TRANSACTIONS,
    SERIALIZABLE,
    COMPARE_AND_SET,
    EXPIRY,
    WATCH,
    WATCH_RESUME,
    SNAPSHOT_READS,
    SAVEPOINTS,
    HISTORY,
    FORK,
    DIFF,
    IMAGES,
    FENCING
}
