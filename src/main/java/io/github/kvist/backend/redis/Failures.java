// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.redis;

import io.github.kvist.api.KvException;
import java.net.SocketTimeoutException;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisException;

/** What the server refuses and the network loses, as the store says it. The driver's texts are causes only. */
final class Failures {

    /** What ends by itself, soon. */
    private static final List<String> PASSING = List.of("LOADING", "TRYAGAIN", "CLUSTERDOWN", "MASTERDOWN", "BUSY");

    private Failures() {}

    /** Whether the same call may succeed when it is made again in a moment; it has not run. */
    static boolean isPassing(JedisException refused) {
        return PASSING.stream().anyMatch(code -> says(refused, code));
    }

    /** For a call that has not run. */
    static KvException of(String where, JedisException refused) {
        if (says(refused, "KVIST")) {
            return new KvException.Corrupt(
                    where
                            + ": the store is not there any more: its keys were deleted or evicted. Restore a backup, and set"
                            + " maxmemory-policy to noeviction.",
                    refused);
        }
        if (says(refused, "OOM")) {
            return new KvException.LimitExceeded(
                    where
                            + ": the server has no memory left (maxmemory); nothing was written. Delete something, or give it more.");
        }
        if (says(refused, "Elements are too large")) {
            return new KvException.LimitExceeded(where
                    + ": the transaction changes more than one entry of the server's stream takes; nothing was written."
                    + " Make it smaller.");
        }
        if (says(refused, "WRONGTYPE")) {
            return new KvException.Corrupt(
                    where + ": a key of the store holds something else. Give the store a prefix of its own.", refused);
        }
        return new KvException.Unavailable(where + ": " + reason(refused), refused);
    }

    private static String reason(JedisException refused) {
        if (says(refused, "WRONGPASS") || says(refused, "NOAUTH") || says(refused, "invalid password")) {
            return "the server refuses user and password. Check the credentials.";
        }
        if (says(refused, "NOPERM")) {
            return "the user may not run this. Allow it eval, evalsha and the commands of hashes, sorted sets, sets, lists and streams on"
                    + " the keys of the store.";
        }
        if (says(refused, "READONLY")) {
            return "the server is a read-only replica; nothing was written. Give the address of the primary.";
        }
        if (says(refused, "LOADING")) {
            return "the server is still loading its data. Try again later.";
        }
        if (says(refused, "BUSY")) {
            return "a script of somebody else occupies the server. Try again later.";
        }
        if (says(refused, "CLUSTERDOWN") || says(refused, "TRYAGAIN") || says(refused, "MASTERDOWN")) {
            return "the cluster cannot serve the slot of the store now. Try again later.";
        }
        if (says(refused, "max number of clients")) {
            return "the server has as many clients as it takes (maxclients). Use fewer connections, or allow more.";
        }
        if (says(refused, "MISCONF") || says(refused, "NOREPLICAS")) {
            return "the server refuses writes because it cannot save or replicate them; nothing was written. Look at its log.";
        }
        return "the server refused; nothing was written. The cause says why.";
    }

    /** For a call that was not sent, or can do no harm if it has run. */
    static KvException unreachable(String where, @Nullable JedisException cause) {
        if (cause != null && isRefusal(cause)) {
            return of(where, cause);
        }
        String what = "cannot be reached. Check the address, and that the server runs.";
        for (Throwable inner = cause; inner != null; inner = inner.getCause()) {
            if (inner instanceof SSLException) {
                what =
                        "no TLS connection: the certificate is not one that is trusted for this host, or the server speaks no TLS. Name its"
                                + " authority with the parameter cacert.";
            } else if (inner instanceof SocketTimeoutException) {
                what = "did not answer in time. Try again later, or with a longer Options.timeout.";
            }
        }
        return new KvException.Unavailable(where + ": " + what, cause);
    }

    private static boolean isRefusal(JedisException cause) {
        return cause.getClass().getSimpleName().matches("JedisDataException|JedisAccessControlException")
                || says(cause, "max number of clients");
    }

    /** Old servers put the code of an error inside a script behind the place where it happened. */
    private static boolean says(JedisException refused, String code) {
        for (Throwable inner = refused; inner != null; inner = inner.getCause()) {
            String message = inner.getMessage();
            if (message != null
                    && (message.startsWith(code) || message.contains(" " + code) || message.contains("-" + code))) {
                return true;
            }
        }
        return false;
    }
}
