// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.api;

/**
 * The stamp of one write of one entry, for compare-and-set: two writes never share one, also of equal values.
 *
 * <p>It can travel as text ({@link #toString}, {@link #parse}), for instance as an HTTP entity tag. Immutable.
 */
public final class Version {

    private final long stamp;

    private Version(long stamp) {
        this.stamp = stamp;
    }

    /** For backends: the version of a stamp that is unique within the store. */
    public static Version of(long stamp) {
        return new Version(stamp);
    }

    /**
     * Takes back what {@link #toString} gave.
     *
     * @throws IllegalArgumentException if {@code text} is anything else
     */
    public static Version parse(String text) {
        try {
            return new Version(Long.parseUnsignedLong(text, Character.MAX_RADIX));
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException(
                    "Not a version: \"" + (text.length() > 40 ? text.substring(0, 40) + "…" : text)
                            + "\". Use the text that Version.toString gave.",
                    notANumber);
        }
    }

    /** For backends. */
    public long stamp() {
        return stamp;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Version version && version.stamp == stamp;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(stamp);
    }

    @Override
    public String toString() {
        return Long.toUnsignedString(stamp, Character.MAX_RADIX);
    }
}
