// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.api;

import java.util.List;

/**
 * What {@code Kvist.salvage} saved, and what not.
 *
 * @param revision the newest commit that is in the new store, as the damaged one counted; with {@link SalvageMode#PREFIX} all before it
 *     are too
 * @param newestRevision the newest commit of the damaged store that anything in it still told of
 * @param newRevision what the new store stands at: above all that the damaged one counted, so that whoever has seen a later commit than
 *     {@code revision} finds a gap and not another history
 * @param records how many records the new store has
 * @param commitsLeftOut how many commits could be read, but not be brought over: with {@link SalvageMode#PREFIX} all behind the first
 *     that is lost
 * @param findings what was lost or left out, with files and bytes
 */
public record SalvageReport(
        SalvageMode mode,
        long revision,
        long newestRevision,
        long newRevision,
        long records,
        long commitsLeftOut,
        List<Finding> findings) {
    public SalvageReport {
        findings = List.copyOf(findings);
    }
}
