// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.redis;

import io.github.kvist.api.Options;
import io.github.kvist.api.Retention;
import io.github.kvist.backend.Stored;
import java.time.Duration;

/** Which commits stay in the stream, for watches that resume and for transactions that take long. */
final class Kept {

    private static final long REVISIONS = 10_000;
    private static final long BYTES = 64L << 20;

    private final long revisions;
    private final Duration age;
    private final long bytes;
    private final RedisTime time;

    /** As {@code history} says, or, if that is the default, what other processes need. */
    Kept(Retention history, RedisTime time) {
        boolean isDefault = history.equals(Options.defaults().history());
        revisions = isDefault ? REVISIONS : Math.max(1, history.revisions());
        age = history.age();
        bytes = isDefault ? BYTES : history.bytes();
        this.time = time;
    }

    void addTo(Request request) {
        request.with(revisions).with(Sortable.of(since())).with(bytes);
    }

    /** Commits that are younger are kept. */
    private long since() {
        return age.isZero() ? Stored.NEVER : time.now() - age.toMillis();
    }
}
