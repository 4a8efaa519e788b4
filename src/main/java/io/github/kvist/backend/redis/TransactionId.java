// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.redis;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of a transaction that may have happened.
 *
 * @param stamp one that no other transaction has
 * @param behind the newest revision that was known before it was sent: it can only have become a later one
 */
record TransactionId(long stamp, long behind) {

    private static final Pattern TEXT = Pattern.compile("([0-9a-f]{1,16})-([0-9]{1,15})");

    /** As {@link #toString} wrote it; {@code null} if it did not. */
    static @Nullable TransactionId parse(String text) {
        Matcher parts = TEXT.matcher(text);
        return parts.matches()
                ? new TransactionId(Long.parseUnsignedLong(parts.group(1), 16), Long.parseLong(parts.group(2)))
                : null;
    }

    @Override
    public String toString() {
        return Long.toHexString(stamp) + "-" + behind;
    }
}
