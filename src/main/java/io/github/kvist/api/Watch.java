// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.api;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An ordered feed of commits. Safe for any number of threads, which share its events.
 *
 * <p>Every commit that touches what is watched is reported once, whole, in revision order and after it is visible, or a
 * {@link WatchEvent.Gap} says that some were missed. A consumer that is slow or gone never holds up a commit.
 */
public interface Watch extends AutoCloseable {

    /**
     * The next event; waits for one if need be. Values are decoded here, on the caller's thread.
     *
     * @param timeout how long to wait at most; zero or less only looks
     * @return {@code null} if there was none in that time
     * @throws InterruptedException if the thread is interrupted while it waits
     * @throws KvException.Closed if the watch or its store is closed, also while this waits
     * @throws KvException.CodecFailure if a codec could not decode a change; the next call goes on behind that commit
     */
    @Nullable
    WatchEvent next(Duration timeout) throws InterruptedException;

    /** Ends the watch and wakes who waits for it. A second call does nothing. */
    @Override
    void close();
}
