// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;

/** Where one test keeps its data: as long as the home is open, stores can be opened on it one after the other. */
public interface StoreHome extends AutoCloseable {

    /** Opens the store. What an earlier store wrote here before it was closed is there. */
    KvStore open(Options options);

    /** Whether each call is a round trip: what is drawn at random, or tried with every byte, is then tried less often. */
    default boolean isRemote() {
        return false;
    }

    /**
     * Whether several stores may be open here at once, as those of several processes; a change of a table's definition then
     * follows stricter rules.
     */
    default boolean isShared() {
        return isRemote();
    }

    @Override
    default void close() {}
}
