// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.postgres;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Threads that commit at the same moment share one call: the first that comes sends what waits, the others wait, and when it is
 * back one of those that came meanwhile sends the next. The server has commits one after the other anyway, each with a sync of its
 * log; so one process keeps it as busy as many connections would, with a sync for each call instead of each commit.
 */
final class CommitQueue {

    private final Consumer<List<WaitingCommit>> call;
    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by the lock.
    private final Deque<WaitingCommit> waiting = new ArrayDeque<>();
    private boolean isCalling;

    /** Gives every commit of a call a result or a failure; throws nothing. */
    CommitQueue(Consumer<List<WaitingCommit>> call) {
        this.call = call;
    }

    /** Returns the server's answer. An interrupt is kept for later: nobody could tell what became of the commit. */
    long commit(WaitingCommit commit) {
        boolean interrupted = Thread.interrupted();
        try {
            if (mayLead(commit)) {
                lead(commit);
            } else {
                interrupted |= await(commit);
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        return commit.result();
    }

    private boolean mayLead(WaitingCommit commit) {
        lock.lock();
        try {
            waiting.add(commit);
            if (isCalling) {
                return false;
            }
            isCalling = true;
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean await(WaitingCommit commit) {
        boolean interrupted = false;
        while (!commit.isDone()) {
            if (isLeader(commit)) {
                lead(commit);
            } else {
                LockSupport.park(this);
                interrupted |= Thread.interrupted();
            }
        }
        return interrupted;
    }

    private boolean isLeader(WaitingCommit commit) {
        lock.lock();
        try {
            return commit.leads;
        } finally {
            lock.unlock();
        }
    }

    /** The first in the queue sends itself along, so one call is enough. */
    private void lead(WaitingCommit leader) {
        try {
            while (!leader.isDone()) {
                call.accept(next());
            }
        } finally {
            handOver();
        }
    }

    private List<WaitingCommit> next() {
        lock.lock();
        try {
            return IndependentCommits.takenFrom(waiting);
        } finally {
            lock.unlock();
        }
    }

    private void handOver() {
        lock.lock();
        try {
            WaitingCommit next = waiting.peek();
            isCalling = next != null;
            if (next != null) {
                next.leads = true;
                next.wake();
            }
        } finally {
            lock.unlock();
        }
    }
}
