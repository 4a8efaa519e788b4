// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend;

import io.github.kvist.api.Capabilities;
import org.jspecify.annotations.Nullable;

/**
 * A system that answers operations on bytes: the contract that the author of a backend implements. Safe for any number of
 * threads.
 *
 * <p>Every call names a keyspace and a key inside it, so that a system can lay them out in its own way. What only some
 * systems can do are small interfaces beside this one ({@link Branching}, {@link ChangeFeed}, {@link Sweeping}, …); absent means
 * unsupported, and {@link #capabilities} says the same. A backend without {@link Branching} gets transactions all the same: they
 * are optimistic, an overlay of pending writes over a {@link View} that ends in one {@link #commit}.
 *
 * <p>Every call may throw {@link io.github.kvist.api.KvException.Closed} after {@link #close}, and
 * {@link io.github.kvist.api.KvException.Unavailable} if the system cannot be reached in time; then nothing was written.
 */
public interface Backend extends AutoCloseable {

    /**
     * A handle; neither asks the system nor creates anything. Names have any characters, and up to 1,300 of them; none escapes into
     * another.
     */
    Keyspace keyspace(String name);

    /**
     * A view of the newest visible commit, or of one that becomes visible before its first read: a system on the network
     * need not be asked before. The caller closes it. O(1) on the built-in engine, and without a lock.
     */
    View view();

    /**
     * The newest entry under a key, unless it is due, in one round trip.
     *
     * @return {@code null} if there is none
     */
    default @Nullable Stored get(Keyspace keyspace, byte[] key) {
        try (View view = view()) {
            return view.get(keyspace, key);
        }
    }

    /**
     * Commits a whole transaction, atomically, in one round trip; returns when it is as durable as asked for, and visible. It takes
     * effect at one moment between the call and its return: what was committed before is checked by its conditions, and every
     * view that is opened later shows it. A backend may send it again by itself only if it cannot take effect twice.
     *
     * @return its revision, that of the newest visible commit if it had no operations; {@link Commit#REFUSED} if a condition
     *     did not hold: nothing happened then
     * @throws io.github.kvist.api.KvException.Conflict if something that was to be {@link Unchanged unchanged} was changed, or the
     *     system can no longer tell; nothing happened
     * @throws io.github.kvist.api.KvException.LimitExceeded if a key, a value or all together are too large; nothing happened
     * @throws io.github.kvist.api.KvException.OutcomeUnknown if it may or may not have happened; {@link Outcomes} can be asked
     */
    long commit(Commit commit);

    /** A stamp for a write, never given out twice by any process that uses the system. No round trip. */
    long newVersion();

    /**
     * The instant, in milliseconds since the epoch, by which a view opened now judges deadlines: that of the clock, but never
     * earlier than any instant by which a commit or a view was judged before. On a system with a clock of its own it is the
     * system's, as far as the last answer told; no round trip.
     */
    long now();

    /** The number of the newest visible commit. */
    long revision();

    /**
     * Whether other processes may write to the same data. What is read of it, the definitions of tables too, is then checked by
     * the commit that relies on it.
     */
    default boolean isShared() {
        return false;
    }

    Capabilities capabilities();

    /** Where it keeps its data, for messages; without secrets. */
    String description();

    /** A second call does nothing. */
    @Override
    void close();
}
