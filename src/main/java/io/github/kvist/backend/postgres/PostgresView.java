// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.postgres;

import io.github.kvist.api.KvException;
import io.github.kvist.backend.EntryCursor;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Stored;
import io.github.kvist.backend.View;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A read-only transaction at REPEATABLE READ on a connection of its own, which begins with its first read. Threads that share it
 * read one after the other.
 */
final class PostgresView implements View {

    private static final String READING = "reading a view";

    private final Connections connections;
    private final Calls calls;
    private final Keyspaces keyspaces;
    private final Reading reading;
    private final ServerClock clock;
    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by the lock.
    private @Nullable Connection connection;
    private Reading.@Nullable Present present;
    private boolean closed;

    PostgresView(Connections connections, Calls calls, Keyspaces keyspaces, Reading reading, ServerClock clock) {
        this.connections = connections;
        this.calls = calls;
        this.keyspaces = keyspaces;
        this.reading = reading;
        this.clock = clock;
    }

    @FunctionalInterface
    private interface Work<R> {
        R on(Connection connection) throws SQLException;
    }

    /** Lets one thread read. The first read may be done again when its connection is lost; then it sees a newer state. */
    private <R> R read(Work<R> work) {
        boolean interrupted = Thread.interrupted();
        lock.lock();
        try {
            requireOpen();
            Deadline deadline = calls.deadline();
            while (true) {
                try {
                    return work.on(connected(deadline));
                } catch (SQLException failed) {
                    boolean again = present == null && Failures.isLost(failed) && deadline.allowsAnotherTry();
                    if (present == null) {
                        disconnect();
                    }
                    if (!again) {
                        throw calls.failed(READING, failed);
                    }
                }
            }
        } finally {
            lock.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Connection connected(Deadline deadline) throws SQLException {
        Connection live = connection;
        if (live == null) {
            live = connections.forView(deadline);
            connection = live;
        } else {
            Connections.limit(live, deadline);
        }
        return live;
    }

    private Reading.Present settled(Connection live) throws SQLException {
        Reading.Present known = present;
        if (known == null) {
            known = reading.present(live, clock);
            present = known;
        }
        return known;
    }

    @Override
    public long revision() {
        return read(this::settled).revision();
    }

    @Override
    public long instant() {
        return read(this::settled).instant();
    }

    @Override
    public @Nullable Stored get(Keyspace keyspace, byte[] key) {
        PostgresKeyspace ours = keyspaces.ours(keyspace);
        return read(live -> {
                    if (present == null && ours.isKnown()) {
                        Reading.First first = reading.first(live, clock, ours.id(), key);
                        present = first.present();
                        return first.entry();
                    }
                    Reading.Present state = settled(live);
                    return keyspaces.isKnown(ours, live)
                            ? reading.get(live, state, ours.id(), key)
                            : Optional.<Stored>empty();
                })
                .orElse(null);
    }

    @Override
    public EntryCursor scan(Keyspace keyspace, byte[] from, byte @Nullable [] to, boolean reverse) {
        requireOpen();
        return new PostgresCursor(this, keyspaces.ours(keyspace), from, to, reverse);
    }

    /** For a cursor: some entries of a range from its beginning, or from its end. */
    Page page(PostgresKeyspace keyspace, byte[] from, byte @Nullable [] to, boolean reverse, int limit) {
        return read(live -> {
            Reading.Present state = settled(live);
            return keyspaces.isKnown(keyspace, live)
                    ? reading.page(live, state, keyspace.id(), from, to, reverse, limit)
                    : Page.EMPTY;
        });
    }

    @Override
    public long count(Keyspace keyspace, byte[] from, byte @Nullable [] to) {
        PostgresKeyspace ours = keyspaces.ours(keyspace);
        return read(live -> {
            Reading.Present state = settled(live);
            return keyspaces.isKnown(ours, live) ? reading.count(live, state, ours.id(), from, to) : 0L;
        });
    }

    private void requireOpen() {
        lock.lock();
        try {
            if (closed) {
                throw new KvException.Closed("The view was closed. Open another.");
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        lock.lock();
        try {
            closed = true;
            disconnect();
        } finally {
            lock.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void disconnect() {
        Connection live = connection;
        connection = null;
        if (live != null) {
            try {
                Connections.limit(live, calls.deadline());
                connections.end(live);
            } catch (SQLException lost) {
                // What the view has shown was right all the same, and the pool throws the connection away.
                System.getLogger(PostgresView.class.getName())
                        .log(System.Logger.Level.DEBUG, "A view ended with its connection.", lost);
            }
        }
    }
}
