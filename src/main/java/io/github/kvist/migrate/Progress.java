// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.migrate;

import java.util.Optional;

/**
 * How far a migration or mirror is. Entries are those of records, indexes and definitions.
 *
 * @param copied entries, by all processes that worked on it; those of a repair count again
 * @param expected entries to be copied, as counted when this process began; -1 if unknown
 * @param applied changes that commits of the source brought
 * @param verified entries that the comparison under way, or the last, has looked at
 * @param repaired entries of the target that were found to differ and made like the source, by this process
 * @param position the revision of the source up to which its commits have been taken
 * @param lag how many commits the source is ahead; revisions may have gaps, and then it is less
 * @param trouble what went wrong last and is tried again; empty if nothing stands in the way
 */
public record Progress(
        Phase phase,
        long copied,
        long expected,
        long applied,
        long verified,
        long repaired,
        long position,
        long lag,
        Optional<String> trouble) {}
