// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.wal;

/**
 * What was appended to a log since it was opened.
 *
 * @param syncs frames whose append returned when they were durable
 * @param commitsMax the most commits of one frame
 */
public record Appends(long frames, long syncs, long commits, long commitsMax) {

    public static final Appends NONE = new Appends(0, 0, 0, 0);
}
