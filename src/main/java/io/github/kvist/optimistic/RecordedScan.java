// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.optimistic;

import io.github.kvist.backend.Range;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What part of its range a scan has really looked at. */
final class RecordedScan {

    private final Range whole;
    private final boolean reverse;
    private boolean ended;
    private byte @Nullable [] last;

    RecordedScan(Range whole, boolean reverse) {
        this.whole = whole;
        this.reverse = reverse;
    }

    /** It stands on {@code key} now. */
    void reached(byte[] key) {
        last = key;
    }

    /** It found nothing more. */
    void ended() {
        ended = true;
    }

    /** From the start of the scan to where it stands; {@code null} if it was not asked for anything. */
    @Nullable
    Range seen() {
        if (ended) {
            return whole;
        }
        byte[] key = last;
        if (key == null) {
            return null;
        }
        return reverse
                ? new Range(whole.keyspace(), key, whole.to())
                : new Range(whole.keyspace(), whole.from(), Range.after(Arrays.copyOf(key, key.length)));
    }
}
