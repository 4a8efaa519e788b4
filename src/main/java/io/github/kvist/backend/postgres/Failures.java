// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.postgres;

import io.github.kvist.api.KvException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Objects;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * What the failures of the server and its driver mean, by their SQLSTATE. The driver's own words are only in the cause: a message
 * of ours holds no data.
 */
final class Failures {

    private Failures() {}

    /** The transaction was rolled back because of others and would do better now. */
    static boolean isWorthAnotherTry(SQLException failure) {
        return hasState(failure, "40001", "40P01");
    }

    /** The connection is gone, and with it the answer; what was sent may have been done. */
    static boolean isLost(SQLException failure) {
        return hasClass(failure, "08")
                || hasState(failure, "57P01", "57P02", "57P03", "57P05")
                || state(failure).isEmpty();
    }

    /** The server takes no connections yet, but is there. */
    static boolean isStarting(SQLException failure) {
        return hasState(failure, "57P03");
    }

    /** The server cannot hold it in one piece. */
    static boolean isTooLarge(SQLException failure) {
        return hasClass(failure, "54");
    }

    static KvException of(String what, String where, SQLException failure) {
        String state = state(failure);
        String happened = where + ": " + what + " failed";
        if (isTooLarge(failure)) {
            return new KvException.LimitExceeded(happened + ", because it is larger than the server takes (SQLSTATE "
                    + state + "); nothing was written.");
        }
        if (hasState(failure, "XX001", "XX002")) {
            return new KvException.Corrupt(
                    happened + ": the server found its data damaged (SQLSTATE " + state + "). Restore a backup.",
                    failure);
        }
        return new KvException.Unavailable(happened + ": " + reason(failure, state), failure);
    }

    private static String reason(SQLException failure, String state) {
        return switch (state) {
            case "28P01", "28000" ->
                "the server refuses the user or the password. Check the credentials and pg_hba.conf.";
            case "08004" ->
                "the server refuses to connect. If it speaks no TLS and the line is safe, write sslmode=disable; if it"
                        + " asks for a password, give credentials.";
            case "3D000" -> "there is no such database. Create it, or name another.";
            case "53300" ->
                "the server has no connection left. Raise its max_connections, or lower snapshots=… and readers=….";
            case "25006" ->
                "the server takes no writes: it is a replica, or default_transaction_read_only is on. Connect to the"
                        + " primary, or open the store with Options.readOnly().";
            case "42501" ->
                "the user lacks a right. Grant it usage and create on the schema, and all on its tables, sequences and"
                        + " functions.";
            case "42P01", "42883", "3F000" ->
                "tables or functions of the store are missing. Restore the schema, or open the store"
                        + " again to create them.";
            case "55P03" -> "other writers held the store for longer than the timeout. Try again.";
            case "57014" -> "the server ended it at its statement_timeout. Try again, or allow more time.";
            case "25P03" ->
                "the server ended a view at its idle_in_transaction_session_timeout. Keep views short, or raise it.";
            case "53100" -> "the server's disk is full. Make room.";
            case "53200" -> "the server is out of memory. Try again.";
            case "57P01", "57P02", "57P03" -> "the server is shutting down or starting. Try again.";
            default -> other(failure, state);
        };
    }

    private static String other(SQLException failure, String state) {
        if (isCausedBy(failure, SSLException.class) || isOfAnotherHost(failure)) {
            return "no encrypted connection came about that could be trusted. Give the authority of the server's certificate as"
                    + " sslrootcert=…, and the host by the name in the certificate.";
        }
        if (failure instanceof SQLTransientConnectionException && failure.getCause() == null) {
            return "all connections are in use. Close snapshots and transactions sooner, or raise snapshots=….";
        }
        if (isLost(failure)) {
            return "the server cannot be reached, or did not answer in time. Check that it runs and listens there.";
        }
        return "the server said SQLSTATE " + state + ". The cause has its words.";
    }

    /** The driver has no type for it, but names its verifier in every language. */
    private static boolean isOfAnotherHost(SQLException failure) {
        return String.valueOf(failure.getMessage()).contains("HostnameVerifier");
    }

    private static boolean isCausedBy(Throwable failure, Class<? extends Throwable> type) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasState(SQLException failure, String... states) {
        String state = state(failure);
        for (String each : states) {
            if (each.equals(state)) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasClass(SQLException failure, String beginning) {
        return state(failure).startsWith(beginning);
    }

    /** A pool reports its own failure, with the server's as the cause. */
    private static String state(SQLException failure) {
        @Nullable String state = failure.getSQLState();
        if (state == null && failure.getCause() instanceof SQLException cause) {
            return state(cause);
        }
        return Objects.requireNonNullElse(state, "");
    }
}
