// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.migrate;

import io.github.kvist.api.KvStore;
import io.github.kvist.table.TableStore;
import java.util.function.Consumer;

/**
 * Keeps a second store like a first one, as long as it is open: copies what is there, then applies every commit. Opened again, in this
 * or another process, it goes on where it was.
 *
 * <p>The target begins empty, and nobody else writes to it. Read there, it shows what the source was at {@link Progress#position};
 * while it is {@link Phase#COPYING} or {@link Phase#REPAIRING}, parts of that. Safe for any number of threads.
 */
public final class Mirror implements AutoCloseable {

    private final Tally tally;
    private final Replicator replicator;

    private Mirror(TableStore source, TableStore target, Consumer<? super Progress> listener) {
        this.tally = new Tally(listener, lag -> {});
        this.replicator =
                new Replicator(new Replication(source.backend(), target.backend(), tally), tally, "kvist-mirror");
    }

    /** What is mirrored. */
    public static From from(KvStore source) {
        return new From(Side.from(source), progress -> {});
    }

    /** A mirror in the making. Immutable. */
    public static final class From {
        private final TableStore source;
        private final Consumer<? super Progress> listener;

        private From(TableStore source, Consumer<? super Progress> listener) {
            this.source = source;
            this.listener = listener;
        }

        /** Who is told of each step, on the thread that does it. */
        public From telling(Consumer<? super Progress> listener) {
            return new From(source, listener);
        }

        /**
         * Begins, or goes on. Neither store is closed with the mirror.
         *
         * @throws IllegalStateException if {@code target} holds something else than a mirror of the source
         * @throws io.github.kvist.api.KvException.Unavailable if one of the stores cannot be reached
         */
        public Mirror to(KvStore target) {
            Mirror mirror = new Mirror(source, Side.to(target, source), listener);
            mirror.replicator.start();
            return mirror;
        }
    }

    public Progress progress() {
        return tally.progress();
    }

    /**
     * Waits until the target is what the source was at the time of the call, or newer.
     *
     * @throws io.github.kvist.api.KvException if something stands in the way that will not pass
     */
    public void awaitCaughtUp() throws InterruptedException {
        replicator.awaitCaughtUp();
    }

    /**
     * Compares everything in both stores, beside all writers, and repairs what differs. O(data); the mirror goes on meanwhile.
     *
     * @throws io.github.kvist.api.KvException if one of the stores fails
     */
    public Verification verify() throws InterruptedException {
        return replicator.verify();
    }

    /** Ends it; the target stays as it is, and another mirror goes on from there. A second call does nothing. */
    @Override
    public void close() {
        replicator.close();
    }
}
