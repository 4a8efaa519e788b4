// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.api.Change;
import io.github.kvist.api.Watch;
import io.github.kvist.api.WatchEvent;
import io.github.kvist.backend.Feed;
import io.github.kvist.backend.KeyChange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A feed of bytes with the types of its tables. */
final class TableWatch implements Watch {

    private final Feed feed;
    private final Function<KeyChange, Change<?, ?>> typed;

    TableWatch(Feed feed, Function<KeyChange, Change<?, ?>> typed) {
        this.feed = feed;
        this.typed = typed;
    }

    @Override
    public @Nullable WatchEvent next(Duration timeout) throws InterruptedException {
        Feed.Event event = feed.next(timeout);
        if (event == null) {
            return null;
        }
        if (event instanceof Feed.Event.Gap gap) {
            return new WatchEvent.Gap(gap.lastSeen(), gap.oldestAvailable());
        }
        Feed.Event.Committed commit = (Feed.Event.Committed) event;
        List<Change<?, ?>> changes = new ArrayList<>(commit.changes().size());
        for (KeyChange change : commit.changes()) {
            changes.add(typed.apply(change));
        }
        return new WatchEvent.Committed(commit.revision(), Instant.ofEpochMilli(commit.millis()), changes);
    }

    @Override
    public void close() {
        feed.close();
    }
}
