// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.backend.Branch;
import io.github.kvist.backend.EntryCursor;
import io.github.kvist.backend.ForwardingCursor;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Stored;
import io.github.kvist.backend.View;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A view and a branch of it that holds what the view lacks. Only read from now on, by any number of threads, one at a time
 * because a branch is not made for more.
 */
final class CompletedView implements View {

    private final ReentrantLock lock = new ReentrantLock();
    private final Branch branch;
    private final View base;

    CompletedView(Branch branch, View base) {
        this.branch = branch;
        this.base = base;
    }

    @Override
    public long revision() {
        return branch.revision();
    }

    @Override
    public long instant() {
        return branch.instant();
    }

    @Override
    public @Nullable Stored get(Keyspace keyspace, byte[] key) {
        lock.lock();
        try {
            return branch.get(keyspace, key);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public EntryCursor scan(Keyspace keyspace, byte[] from, byte @Nullable [] to, boolean reverse) {
        lock.lock();
        try {
            return new LockedCursor(lock, branch.scan(keyspace, from, to, reverse));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long count(Keyspace keyspace, byte[] from, byte @Nullable [] to) {
        lock.lock();
        try {
            return branch.count(keyspace, from, to);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            branch.close();
            base.close();
        } finally {
            lock.unlock();
        }
    }

    /** Moves under the lock; what it stands on is its own. */
    private static final class LockedCursor extends ForwardingCursor {
        private final ReentrantLock lock;

        LockedCursor(ReentrantLock lock, EntryCursor entries) {
            super(entries);
            this.lock = lock;
        }

        @Override
        public boolean advance() {
            lock.lock();
            try {
                return super.advance();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void seek(byte[] key) {
            lock.lock();
            try {
                super.seek(key);
            } finally {
                lock.unlock();
            }
        }
    }
}
