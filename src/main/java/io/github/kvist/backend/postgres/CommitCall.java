// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.postgres;

import io.github.kvist.api.KvException;
import io.github.kvist.api.Retention;
import io.github.kvist.backend.Commit;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;

/**
 * Sends commits and tells them what became of them. An answer that was lost is asked for by sending the same again, on another
 * connection: the server knows by its id what it has done already.
 */
final class CommitCall {

    private static final long REFUSED = -1;
    private static final long CONFLICT = -2;
    private static final long TRIMMED = -3;
    private static final long VOIDED = -4;

    /** How much of the time that is left an answer may take before it is asked for again. */
    private static final double PATIENCE = 0.6;

    private static final long PAUSE_NANOS = 2_000_000;

    private final Connections connections;
    private final ServerClock clock;
    private final Retention kept;
    private final String where;
    private final String sql;
    private final String putSql;
    private final LongConsumer newest;
    private final Tally tally;

    /**
     * Sends to the store of a schema.
     *
     * @param newest is told the newest revision of each answer
     */
    CommitCall(
            Connections connections,
            ServerClock clock,
            Retention kept,
            SchemaName schema,
            String where,
            LongConsumer newest,
            Tally tally) {
        this.connections = connections;
        this.clock = clock;
        this.kept = kept;
        this.where = where;
        this.sql = schema.in(CommitArguments.CALL);
        this.putSql = schema.in(PutArguments.CALL);
        this.newest = newest;
        this.tally = tally;
    }

    /** Gives each commit a result or a failure. */
    void send(List<WaitingCommit> commits) {
        try {
            sendUntilAnswered(commits);
        } catch (RuntimeException | Error unexpected) {
            // Whoever waits must not wait for ever.
            commits.forEach(commit -> commit.failed(() -> new KvException.OutcomeUnknown(
                    where + ": a commit ended with " + unexpected.getClass().getSimpleName()
                            + ". Ask KvStore.outcome what became of it.",
                    idOf(commit),
                    unexpected)));
        }
    }

    private void sendUntilAnswered(List<WaitingCommit> commits) {
        Deadline deadline = commits.get(commits.size() - 1).deadline;
        boolean mayHaveHappened = false;
        while (true) {
            Connection connection;
            try {
                connection = connections.forCommit(deadline);
            } catch (SQLException unreachable) {
                fail(commits, mayHaveHappened, unreachable);
                return;
            }
            try (connection) {
                connection.setNetworkTimeout(Runnable::run, Math.max(1, (int) (deadline.remainingMillis() * PATIENCE)));
                send(connection, commits, mayHaveHappened);
                return;
            } catch (SQLException failed) {
                boolean isLost = Failures.isLost(failed);
                mayHaveHappened |= isLost;
                if (!isLost && !Failures.isWorthAnotherTry(failed)) {
                    failApart(commits, mayHaveHappened, failed);
                    return;
                }
                if (!deadline.allowsAnotherTry()) {
                    fail(commits, mayHaveHappened, failed);
                    return;
                }
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private void send(Connection connection, List<WaitingCommit> commits, boolean isResent) throws SQLException {
        // What is sent again is for the other function, which looks whether it has happened.
        boolean isDone = commits.size() == 1
                && !isResent
                && PutArguments.take(commits.get(0).draft)
                && sendPuts(connection, commits.get(0));
        if (!isDone) {
            sendAny(connection, commits, isResent);
        }
    }

    /** Whether the function for puts could do it; if not, nothing was done. */
    private boolean sendPuts(Connection connection, WaitingCommit commit) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(putSql)) {
            new PutArguments(commit).set(statement, clock, kept);
            try (ResultSet answer = statement.executeQuery()) {
                answer.next();
                long result = answer.getLong(1);
                if (answer.wasNull()) {
                    return false;
                }
                clock.told(answer.getLong(2));
                newest.accept(result);
                tally.called(1, commit.isSync);
                tell(commit, result, result);
                return true;
            }
        } catch (SQLException failed) {
            if (Failures.isTooLarge(failed)) {
                return false;
            }
            throw failed;
        }
    }

    private void sendAny(Connection connection, List<WaitingCommit> commits, boolean isResent) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            new CommitArguments(commits).set(statement, clock, isResent, kept);
            try (ResultSet answer = statement.executeQuery()) {
                answer.next();
                Long[] results = (Long[]) answer.getArray(1).getArray();
                long revision = answer.getLong(2);
                clock.told(answer.getLong(3));
                newest.accept(revision);
                tally.called(commits.size(), commits.stream().anyMatch(commit -> commit.isSync));
                for (int i = 0; i < results.length; i++) {
                    tell(commits.get(i), results[i], revision);
                }
            }
        }
    }

    private void tell(WaitingCommit commit, long result, long revision) {
        if (result == REFUSED) {
            commit.done(Commit.REFUSED);
        } else if (result == CONFLICT) {
            tally.conflicted();
            commit.failed(() -> new KvException.Conflict("What this transaction had read was changed after revision "
                    + commit.draft.since + "; nothing was written. Run the transaction again."));
        } else if (result == TRIMMED) {
            tally.conflicted();
            commit.failed(
                    () -> new KvException.Conflict(
                            "What this transaction had read may have been changed after revision "
                                    + commit.draft.since
                                    + ", which is further back than changes are kept; nothing was written. Run the transaction again."));
        } else if (result == VOIDED) {
            commit.failed(() -> new KvException.Unavailable(
                    where
                            + ": this commit was on its way when KvStore.outcome was asked for it, which made sure that it never"
                            + " happens. Run the transaction again.",
                    null));
        } else {
            commit.done(result == 0 ? revision : result);
        }
    }

    /** The server rolled all of them back because of one, which is not known: each gets a call of its own. */
    private void failApart(List<WaitingCommit> commits, boolean mayHaveHappened, SQLException failed) {
        if (commits.size() == 1 || mayHaveHappened) {
            fail(commits, mayHaveHappened, failed);
            return;
        }
        for (WaitingCommit commit : commits) {
            sendUntilAnswered(List.of(commit));
        }
    }

    private void fail(List<WaitingCommit> commits, boolean mayHaveHappened, SQLException cause) {
        for (WaitingCommit commit : commits) {
            if (mayHaveHappened && commit.id != 0) {
                commit.failed(() -> new KvException.OutcomeUnknown(
                        where + ": the answer to a commit was lost. Ask KvStore.outcome what became of it.",
                        idOf(commit),
                        cause));
            } else {
                commit.failed(() -> Failures.of("a commit", where, cause));
            }
        }
    }

    private static String idOf(WaitingCommit commit) {
        return new TransactionId(commit.id, commit.since).toString();
    }
}
