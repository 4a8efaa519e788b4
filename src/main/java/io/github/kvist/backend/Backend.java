// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend;

import io.github.kvist.api.Capabilities;

/**
 * A system that answers operations on bytes. Safe for any number of threads.
 *
 * <p>Every call names a keyspace and a key inside it, so that a system can lay them out in its own way. What only some
 * systems can do are small interfaces beside this one ({@link Branching}, {@link Maintenance}); absent means unsupported.
 */
public interface Backend extends AutoCloseable {

    Keyspace keyspace(String name);

    /** The newest visible commit. O(1) on the built-in engine, and without a lock; the caller closes it. */
    View view();

    /**
     * Returns when the commit is as durable as asked for, and visible.
     *
     * @return false if a condition did not hold; nothing happened then
     * @throws io.github.kvist.api.KvException.OutcomeUnknown if it may or may not have happened
     */
    boolean commit(Commit commit);

    /**
     * The instant, in milliseconds since the epoch, by which a view opened now judges deadlines: that of the clock, but never
     * earlier than any instant by which a commit or a view was judged before.
     */
    long now();

    /** The number of the newest visible commit. */
    long revision();

    Capabilities capabilities();

    /** Where it keeps its data, for messages; without secrets. */
    String description();

    @Override
    void close();
}
