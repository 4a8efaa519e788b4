// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.redis;

import io.github.kvist.api.KvException;
import io.github.kvist.api.Outcome;
import io.github.kvist.backend.Commit;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Commits, each one script. One whose answer was lost is sent again, under the same stamp: the script looks for what has become of the
 * first copy, and sees to it that a copy that is still on its way does nothing more.
 */
final class Commits {

    private final RedisBackend backend;
    private final Kept kept;

    Commits(RedisBackend backend, Kept kept) {
        this.backend = backend;
        this.kept = kept;
    }

    long commit(Commit commit) {
        RedisLimits.check(backend.description(), commit.operations());
        TransactionId id = new TransactionId(backend.newVersion(), backend.newest());
        TimeLimit limit = backend.calls().limit();
        try {
            return understood(backend.calls().attempt(request(commit, id, ""), limit), id);
        } catch (JedisConnectionException lost) {
            return again(commit, id, limit, lost);
        } catch (JedisException refused) {
            throw Failures.of(backend.description(), refused);
        }
    }

    private Request request(Commit commit, TransactionId id, String sentBehind) {
        return CommitRequest.of(
                backend.layout(), commit, backend.time().argument(), id.stamp(), sentBehind, kept, backend::newVersion);
    }

    private long again(Commit commit, TransactionId id, TimeLimit limit, JedisConnectionException lost) {
        RuntimeException last = lost;
        Request request = request(commit, id, Long.toString(id.behind()));
        while (!limit.isOver()) {
            backend.calls().connections().renew();
            try {
                return understood(backend.calls().attempt(request, limit), id);
            } catch (JedisException | KvException.Unavailable failed) {
                last = failed;
            } catch (KvException.Closed closed) {
                throw unknown(id, closed);
            }
            limit.pause();
        }
        throw unknown(id, last);
    }

    private long understood(Object answer, TransactionId id) {
        List<?> parts = (List<?>) answer;
        long revision = (Long) parts.get(1);
        backend.told(revision, Sortable.read((byte[]) parts.get(2), 0));
        String what = new String((byte[]) parts.get(0), StandardCharsets.US_ASCII);
        return switch (what) {
            case "done" -> revision;
            case "refused" -> Commit.REFUSED;
            case "changed" -> throw conflict("was");
            case "trimmed" -> throw conflict("may have been");
            case "void" ->
                throw new KvException.Unavailable(
                        backend.description()
                                + ": somebody asked what became of this transaction before it arrived, and so it was given up;"
                                + " nothing was written. Run it again.",
                        null);
            default -> throw unknown(id, null);
        };
    }

    private KvException.Conflict conflict(String was) {
        return new KvException.Conflict(backend.description() + ": what this transaction had read " + was
                + " changed before it was committed; nothing was written. Run it again.");
    }

    private KvException.OutcomeUnknown unknown(TransactionId id, @Nullable Throwable cause) {
        return new KvException.OutcomeUnknown(
                backend.description()
                        + ": the answer to a commit was lost, and the server did not tell in time what became of it. Ask with KvStore.outcome: \""
                        + id + "\".",
                id.toString(),
                cause);
    }

    /** What became of a transaction; one that has not happened never will. */
    Outcome outcome(String transactionId) {
        TransactionId id = TransactionId.parse(transactionId);
        if (id == null) {
            return Outcome.UNKNOWN;
        }
        Layout layout = backend.layout();
        Object answer = backend.calls()
                .answer(new Request(Script.OUTCOME, layout.meta, layout.stream, layout.fences)
                        .with(backend.time().argument())
                        .with(Sortable.of(id.stamp()))
                        .with(id.behind()));
        return switch (new String((byte[]) answer, StandardCharsets.US_ASCII)) {
            case "done" -> Outcome.COMMITTED;
            case "void" -> Outcome.ROLLED_BACK;
            default -> Outcome.UNKNOWN;
        };
    }
}
