// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The commits of one {@link ChangeFeed.Scope}, in revision order. Safe for any number of threads, which share the events. */
public interface Feed extends AutoCloseable {

    /**
     * The next event; {@code null} if there was none in {@code timeout}.
     *
     * @throws io.github.kvist.api.KvException.Closed if this or the backend is closed, also while it waits
     */
    @Nullable
    Event next(Duration timeout) throws InterruptedException;

    /** A second call does nothing. */
    @Override
    void close();

    /** What happened. */
    sealed interface Event {

        /** The net effect of one commit on the scope; never empty. */
        record Committed(long revision, long millis, List<KeyChange> changes) implements Event {}

        /** Commits behind {@code lastSeen} were missed; it goes on with {@code oldestAvailable}. */
        record Gap(long lastSeen, long oldestAvailable) implements Event {}
    }
}
