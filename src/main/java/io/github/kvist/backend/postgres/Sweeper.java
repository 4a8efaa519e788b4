// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.postgres;

import io.github.kvist.api.KvException;
import io.github.kvist.backend.Stored;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** Removes what is due, in one commit. Any number of processes may sweep one store; one at a time in each. */
final class Sweeper {

    private final Calls calls;
    private final ServerClock clock;
    private final Keyspaces keyspaces;
    private final Deadlines deadlines;
    private final Tally tally;
    private final String sql;
    private final ReentrantLock lock = new ReentrantLock();

    Sweeper(Calls calls, ServerClock clock, Keyspaces keyspaces, Deadlines deadlines, Tally tally, SchemaName schema) {
        this.calls = calls;
        this.clock = clock;
        this.keyspaces = keyspaces;
        this.deadlines = deadlines;
        this.tally = tally;
        this.sql = schema.in("select keyspaces, removed, earliest, instant from ${schema}.kvist_sweep(?, ?, ?, ?)");
    }

    /** Returns how many entries went of the keyspaces that are counted. */
    long sweep(Predicate<String> counted, boolean isSync, long id) {
        lock.lock();
        try {
            deadlines.sweepBegins();
            // Sent again it finds nothing to do, and counts nothing.
            return calls.write("a sweep", connection -> sweep(connection, counted, isSync, id));
        } finally {
            lock.unlock();
        }
    }

    private long sweep(Connection connection, Predicate<String> counted, boolean isSync, long id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, clock.atLeast());
            statement.setBoolean(2, clock.isServers());
            statement.setBoolean(3, isSync);
            statement.setLong(4, id);
            try (ResultSet answer = statement.executeQuery()) {
                answer.next();
                long earliest = answer.getLong(3);
                deadlines.sweepEnded(answer.wasNull() ? Stored.NEVER : earliest);
                clock.told(answer.getLong(4));
                return answer.getArray(1) == null ? 0 : removed(connection, answer, counted);
            }
        }
    }

    private long removed(Connection connection, ResultSet answer, Predicate<String> counted) throws SQLException {
        Integer[] ids = (Integer[]) answer.getArray(1).getArray();
        Long[] numbers = (Long[]) answer.getArray(2).getArray();
        long removed = 0;
        for (int i = 0; i < ids.length; i++) {
            if (counted.test(keyspaces.numbered(ids[i], connection).name())) {
                removed += numbers[i];
            }
        }
        tally.swept(removed);
        return removed;
    }

    /** Leaves nothing that this process has seen gone, so that whoever opens the store by another clock does not see it again. */
    void last(Stamps stamps) {
        if (!clock.isServers() && deadlines.earliest() <= clock.now()) {
            try {
                sweep(name -> false, true, stamps.take());
            } catch (KvException unreachable) {
                System.getLogger(Sweeper.class.getName())
                        .log(System.Logger.Level.DEBUG, "What is due was not swept at the end.", unreachable);
            }
        }
    }
}
