// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.postgres;

import io.github.kvist.api.Stats;
import io.github.kvist.backend.ChangeFeed.Scope;
import io.github.kvist.backend.Feed.Event;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * Tells live feeds what was committed: one thread, on a connection of its own, that listens while anybody follows. It looks now and
 * then without having been told, and connects again when it has lost the server; whatever it missed meanwhile it reads then.
 */
final class Dispatcher {

    /** How long a commit may go unnoticed whose notification was lost. */
    private static final int POLL_MILLIS = 1_000;

    /** How soon it looks again while there are commits all the time. */
    private static final long BUSY_NANOS = 2_000_000;

    /** So often it finds nothing before it waits to be told. */
    private static final int EMPTY_READS_MAX = 5;

    private static final long RECONNECT_NANOS = 200_000_000;
    private static final Scope EVERYTHING = new Scope.Keyspaces("");

    private final Connections connections;
    private final Calls calls;
    private final ChangeReader reader;
    private final String listen;
    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by the lock.
    private final List<PostgresFeed> live = new ArrayList<>();
    private long position;
    private @Nullable Thread thread;
    private boolean closed;

    // Touched by the thread only.
    private int emptyReads;

    /** What the thread waits on, for as long as it is the thread's own: given back to a pool it may be somebody else's. */
    private @Nullable Connection listening;

    Dispatcher(Connections connections, Calls calls, ChangeReader reader, SchemaName schema) {
        this.connections = connections;
        this.calls = calls;
        this.reader = reader;
        this.listen = "listen " + schema.channel();
    }

    /** Tells {@code feed} all commits after a revision from now on, unless it has told others a later one already. */
    boolean join(PostgresFeed feed, long after) {
        lock.lock();
        try {
            if (closed || (!live.isEmpty() && position > after)) {
                return false;
            }
            if (live.isEmpty()) {
                position = after;
            }
            live.add(feed);
            if (thread == null) {
                Thread fresh = new Thread(this::dispatch, "kvist-postgres-feed");
                fresh.setDaemon(true);
                thread = fresh;
                fresh.start();
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    void leave(PostgresFeed feed) {
        lock.lock();
        try {
            live.remove(feed);
        } finally {
            lock.unlock();
        }
    }

    private void dispatch() {
        while (isNeeded()) {
            try (Connection connection = connections.unpooled(calls.deadline())) {
                listeningOn(connection);
                try (Statement statement = connection.createStatement()) {
                    statement.execute(listen);
                    while (isNeeded()) {
                        tellNext(connection);
                    }
                } finally {
                    listeningOn(null);
                }
            } catch (SQLException | RuntimeException lost) {
                System.getLogger(Dispatcher.class.getName())
                        .log(System.Logger.Level.DEBUG, "Changes cannot be read now.", lost);
                LockSupport.parkNanos(RECONNECT_NANOS);
            }
        }
    }

    private void listeningOn(@Nullable Connection connection) {
        lock.lock();
        try {
            listening = connection;
        } finally {
            lock.unlock();
        }
    }

    /** Whether anybody follows; if not, the thread ends. */
    private boolean isNeeded() {
        lock.lock();
        try {
            if (closed || live.isEmpty()) {
                thread = null;
                return false;
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void tellNext(Connection connection) throws SQLException {
        long after = position();
        Connections.limit(connection, calls.deadline());
        ChangeReader.Commits commits = read(connection, after);
        tell(commits, after);
        if (!commits.areLast()) {
            return;
        }
        emptyReads = commits.end() > after ? 0 : emptyReads + 1;
        if (emptyReads < EMPTY_READS_MAX) {
            LockSupport.parkNanos(BUSY_NANOS);
        } else {
            // Returns at once if something was told since the transaction ended.
            connection.unwrap(PGConnection.class).getNotifications(POLL_MILLIS);
        }
    }

    /**
     * Reads in a transaction, and in it forgets what was told before, which was all committed by then. Elsewhere the driver would go on to
     * wait as long as notifications come within a millisecond of one another; while there are commits all the time, that may be for ever.
     */
    private ChangeReader.Commits read(Connection connection, long after) throws SQLException {
        connection.setAutoCommit(false);
        try {
            ChangeReader.Commits commits = reader.after(connection, EVERYTHING, after);
            connection.unwrap(PGConnection.class).getNotifications();
            return commits;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private long position() {
        lock.lock();
        try {
            return position;
        } finally {
            lock.unlock();
        }
    }

    private void tell(ChangeReader.Commits commits, long after) {
        lock.lock();
        try {
            if (position != after) {
                return; // all left, and others joined elsewhere
            }
            if (commits.hasGapAfter(after)) {
                live.forEach(feed -> feed.lose(commits.oldest() - 1));
            }
            for (Event.Committed event : commits.events()) {
                live.forEach(feed -> feed.deliver(event));
            }
            position = commits.end();
        } finally {
            lock.unlock();
        }
    }

    /** Those who follow live. */
    Stats.Watches watches() {
        lock.lock();
        try {
            int lag = live.stream().mapToInt(PostgresFeed::waiting).max().orElse(0);
            return new Stats.Watches(live.size(), lag);
        } finally {
            lock.unlock();
        }
    }

    void close() {
        List<PostgresFeed> all;
        lock.lock();
        try {
            closed = true;
            all = List.copyOf(live);
            live.clear();
            wakeThread();
        } finally {
            lock.unlock();
        }
        all.forEach(PostgresFeed::storeClosed);
    }

    /** Breaks what the thread waits on. Called under the lock, without which the thread does not give it back. */
    private void wakeThread() {
        if (listening == null) {
            return;
        }
        try {
            listening.abort(Runnable::run);
        } catch (SQLException gone) {
            System.getLogger(Dispatcher.class.getName())
                    .log(System.Logger.Level.DEBUG, "The connection for changes was gone already.", gone);
        }
    }
}
