// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.postgres;

import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A commit on its way, and the thread that waits for it. */
final class WaitingCommit {

    final Draft draft;
    final boolean isSync;

    /** What the server remembers it by; 0 if it writes nothing. */
    final long id;

    /** The newest revision that was known when it came. */
    final long since;

    final long bytes;
    final Deadline deadline;
    private final Thread thread = Thread.currentThread();

    // Written by the leader before done.
    private long result;
    private @Nullable Supplier<RuntimeException> failure;

    private volatile boolean done;

    /** Whether its thread is to send the next commits; guarded by the lock of the queue. */
    boolean leads;

    WaitingCommit(Draft draft, boolean isSync, long id, long since, long bytes, Deadline deadline) {
        this.draft = draft;
        this.isSync = isSync;
        this.id = id;
        this.since = since;
        this.bytes = bytes;
        this.deadline = deadline;
    }

    boolean isDone() {
        return done;
    }

    void done(long answer) {
        result = answer;
        done = true;
        wake();
    }

    /** With an exception that is made, and thrown, on the thread that waits. */
    void failed(Supplier<RuntimeException> cause) {
        failure = cause;
        done = true;
        wake();
    }

    void wake() {
        LockSupport.unpark(thread);
    }

    /** What the server answered. */
    long result() {
        if (failure != null) {
            throw failure.get();
        }
        return result;
    }
}
