// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.migrate;

import io.github.kvist.api.Durability;
import io.github.kvist.backend.Backend;
import io.github.kvist.backend.ChangeFeed;
import io.github.kvist.backend.Commit;
import io.github.kvist.backend.Feed;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Operation;
import io.github.kvist.backend.Stored;
import io.github.kvist.table.StoredKeyspaces;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The commits of the source, one after the other. Confined to one thread at a time.
 *
 * <p>A feed that tells nothing does not say that there is nothing: it may be late. So a mark is written into the source; when that comes
 * along, all before it has. (Watermarks, as in Andreakis and Papapanagiotou, "DBLog: A Watermark Based Change-Data-Capture Framework",
 * 2020.)
 */
final class Follower implements AutoCloseable {

    /** Commits that wait to be taken; beyond it they are missed, which costs a comparison of everything. */
    private static final int BUFFER = 30_000;

    private final Backend source;
    private final Keyspace notes;
    private final byte[] mark;
    private final Feed feed;
    private long position;
    private boolean missed;
    private Feed.Event.@Nullable Committed held;

    private Follower(Backend source, String id, Feed feed, long position, boolean missed) {
        this.source = source;
        this.notes = source.keyspace(StoredKeyspaces.MIGRATION);
        this.mark = Notes.mark(id);
        this.feed = feed;
        this.position = position;
        this.missed = missed;
    }

    /** Begins behind a revision; if that is not known any more, or not yet, commits are {@linkplain #hasMissed missed}. */
    static Follower after(Backend source, String id, long revision) {
        long newest = source.revision();
        long position = Math.min(revision, newest);
        ChangeFeed changes = (ChangeFeed) source;
        Feed feed = changes.follow(new ChangeFeed.Scope.Keyspaces(""), OptionalLong.of(position), BUFFER);
        return new Follower(source, id, feed, position, revision > newest);
    }

    /** All commits up to this one have been taken. */
    long position() {
        return position;
    }

    /** Whether commits before {@link #position} were missed. */
    boolean hasMissed() {
        return missed;
    }

    /**
     * The next commit, if it is none after {@code through}.
     *
     * @return {@code null} if there is none so far; if it is certain that there is none, {@link #position} is {@code through} or
     *     later; also if commits were {@linkplain #hasMissed missed}
     */
    Feed.Event.@Nullable Committed next(long through, Duration patience) throws InterruptedException {
        if (held == null && !missed) {
            Feed.Event event = feed.next(patience);
            if (event instanceof Feed.Event.Gap gap) {
                missed = true;
                position = Math.max(position, gap.oldestAvailable() - 1);
            } else if (event instanceof Feed.Event.Committed committed) {
                held = committed;
            }
        }
        Feed.Event.Committed next = held;
        if (next == null) {
            return null;
        }
        if (next.revision() > through) {
            position = Math.max(position, through);
            return null;
        }
        held = null;
        position = next.revision();
        return next;
    }

    /** What was missed is being made up for. */
    void forgive() {
        missed = false;
    }

    /** Writes the mark; returns the revision at which it comes along. */
    long mark() {
        Operation put = new Operation.Put(notes, mark, new byte[0], Stored.NEVER);
        return source.commit(new Commit(List.of(), List.of(put), Durability.OS));
    }

    @Override
    public void close() {
        feed.close();
    }
}
