// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.postgres;

import io.github.kvist.api.KvException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Single calls that may be made again when their answer is lost, each within the timeout. */
final class Calls {

    private static final long PAUSE_NANOS = 2_000_000;

    private final Connections connections;
    private final Duration timeout;
    private final String where;

    Calls(Connections connections, Duration timeout, String where) {
        this.connections = connections;
        this.timeout = timeout;
        this.where = where;
    }

    /** What is done on a connection; may happen more than once. */
    @FunctionalInterface
    interface Work<R> {
        R on(Connection connection) throws SQLException;
    }

    @FunctionalInterface
    private interface Source {
        Connection connection(Deadline deadline) throws SQLException;
    }

    Deadline deadline() {
        return Deadline.after(timeout);
    }

    String where() {
        return where;
    }

    /**
     * Reads.
     *
     * @param what for the message if it fails
     */
    <R> R read(String what, Work<R> work) {
        return call(what, connections::forRead, work);
    }

    /** Writes something that may be written twice. */
    <R> R write(String what, Work<R> work) {
        return call(what, connections::forCommit, work);
    }

    private <R> R call(String what, Source source, Work<R> work) {
        Deadline deadline = deadline();
        // A pool gives up when it is interrupted; whoever reads from memory would not notice either.
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try (Connection connection = source.connection(deadline)) {
                    return work.on(connection);
                } catch (SQLException failed) {
                    boolean again = Failures.isLost(failed) || Failures.isWorthAnotherTry(failed);
                    if (!again || !deadline.allowsAnotherTry()) {
                        throw failed(what, failed);
                    }
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    KvException failed(String what, SQLException failure) {
        return Failures.of(what, where, failure);
    }
}
