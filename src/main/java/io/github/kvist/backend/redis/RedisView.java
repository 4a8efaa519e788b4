// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.redis;

import io.github.kvist.api.KvException;
import io.github.kvist.backend.EntryCursor;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Stored;
import io.github.kvist.backend.View;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A view of a server that has no snapshots. The first answer settles its revision and its instant. Every answer tells the revision
 * that it shows, and what was changed since the one before: as long as none of that had been read, everything that was read is also
 * what the newer revision shows, and the view goes on there. Otherwise it has ended.
 */
final class RedisView implements View {

    /** The bound of a range without an end. */
    static final byte[] PLUS = {'+'};

    private static final int UNSETTLED = -1;

    private final RedisBackend backend;
    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by the lock.
    private final ReadRanges reads = new ReadRanges();
    private long revision = UNSETTLED;
    private long instant;
    private boolean ended;
    private boolean closed;

    RedisView(RedisBackend backend) {
        this.backend = backend;
    }

    @Override
    public long revision() {
        return settled(() -> revision);
    }

    @Override
    public long instant() {
        return settled(() -> instant);
    }

    private long settled(LongSupplier answer) {
        lock.lock();
        try {
            if (revision == UNSETTLED) {
                ask(request(Script.META));
            }
            return answer.getAsLong();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public @Nullable Stored get(Keyspace keyspace, byte[] key) {
        RedisKeyspace ours = backend.layout().ours(keyspace);
        lock.lock();
        try {
            byte[] entry =
                    (byte[]) ask(request(Script.GET, ours.entries()).with(key)).get(3);
            reads.key(ours, key);
            return visible(entry);
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Stored visible(byte @Nullable [] entry) {
        return entry == null || isDue(entry) ? null : StoredEntry.read(entry);
    }

    @Override
    public EntryCursor scan(Keyspace keyspace, byte[] from, byte @Nullable [] to, boolean reverse) {
        return new PageCursor(
                this, backend.layout().ours(keyspace), from.clone(), to == null ? null : to.clone(), reverse);
    }

    @Override
    public long count(Keyspace keyspace, byte[] from, byte @Nullable [] to) {
        RedisKeyspace ours = backend.layout().ours(keyspace);
        lock.lock();
        try {
            Request request = request(Script.COUNT, ours.order(), backend.layout().deadlines)
                    .with(bound('[', from))
                    .with(to == null ? PLUS : bound('(', to))
                    .with(ours.memberPrefix())
                    .with(revision == UNSETTLED ? new byte[0] : Sortable.of(instant));
            List<?> answer = ask(request);
            if ((Long) answer.get(4) > 0) {
                backend.remember(instant);
            }
            reads.stretch(ours, from.clone(), to == null ? null : to.clone());
            return (Long) answer.get(3);
        } finally {
            lock.unlock();
        }
    }

    /** The next entries of a scan. */
    List<?> page(PageCursor cursor) {
        lock.lock();
        try {
            Request scan = request(
                    Script.SCAN, cursor.keyspace().entries(), cursor.keyspace().order());
            return cursor.take(ask(cursor.complete(scan)), reads);
        } finally {
            lock.unlock();
        }
    }

    boolean isDue(byte[] entry) {
        long deadline = StoredEntry.deadline(entry, 0);
        if (deadline > instant) {
            return false;
        }
        backend.remember(deadline);
        return true;
    }

    static byte[] bound(char kind, byte[] key) {
        byte[] bound = new byte[1 + key.length];
        bound[0] = (byte) kind;
        System.arraycopy(key, 0, bound, 1, key.length);
        return bound;
    }

    private Request request(Script script, byte[]... keys) {
        Request request = new Request(script, backend.layout().meta, backend.layout().stream);
        for (byte[] key : keys) {
            request.key(key);
        }
        request.with(backend.time().argument());
        return revision == UNSETTLED ? request.with(new byte[0]) : request.with(revision);
    }

    /** The answer to a read; what was read before still holds then. Under the lock. */
    private List<?> ask(Request request) {
        if (closed) {
            throw new KvException.Closed("This view was closed. Open another.");
        }
        if (ended) {
            throw changed("was");
        }
        List<?> answer = backend.calls().list(request);
        long shown = (Long) answer.get(0);
        long now = Sortable.read((byte[]) answer.get(1), 0);
        backend.told(shown, now);
        if (revision == UNSETTLED) {
            revision = shown;
            instant = now;
        } else {
            goOn(shown, (List<?>) answer.get(2));
        }
        return answer;
    }

    private void goOn(long shown, @Nullable List<?> moved) {
        List<?> next = moved;
        while (revision != shown || next == null) {
            if (next == null || next.isEmpty()) {
                ended = true;
                throw changed("may have been");
            }
            for (Object changedKeys : next) {
                if (revision < shown && reads.isTouchedBy((byte[]) changedKeys, instant)) {
                    ended = true;
                    throw changed("was");
                }
                revision = Math.min(shown, revision + 1);
            }
            if (revision < shown) {
                next = (List<?>) backend.calls().list(request(Script.META)).get(2);
            }
        }
    }

    private KvException.Conflict changed(String was) {
        return new KvException.Conflict(backend.description() + ": what this transaction had read " + was
                + " changed while it read more; nothing was written. Run it again.");
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
    }
}
