// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.redis;

import io.github.kvist.api.Options;
import io.github.kvist.api.Retention;
import io.github.kvist.backend.Stored;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/** Which commits stay in the stream, for watches that resume and for transactions that take long. */
final class Kept {

    private static final long REVISIONS = 10_000;
    private static final long BYTES = 64L << 20;

    private final byte[] counts;
    private final Duration age;
    private final RedisTime time;

    /** As {@code history} says, or, if that is the default, what other processes need. */
    Kept(Retention history, RedisTime time) {
        boolean isDefault = history.equals(Options.defaults().history());
        long revisions = isDefault ? REVISIONS : Math.max(1, history.revisions());
        long bytes = isDefault ? BYTES : history.bytes();
        counts = (revisions + ":" + bytes + ":").getBytes(StandardCharsets.US_ASCII);
        age = history.age();
        this.time = time;
    }

    /** As scripts take it. */
    byte[] argument() {
        byte[] argument = Arrays.copyOf(counts, counts.length + Sortable.BYTES);
        Sortable.write(since(), argument, counts.length);
        return argument;
    }

    /** Commits that are younger are kept. */
    private long since() {
        return age.isZero() ? Stored.NEVER : time.now() - age.toMillis();
    }
}
