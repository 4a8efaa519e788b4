// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.api;

import java.util.List;

/**
 * What opening a store found and did.
 *
 * @param clean whether the store had been closed properly (or was new), so that nothing had to be judged
 * @param revision the newest commit that was found
 * @param framesReplayed how many frames of the log were applied on top of the checkpoint
 * @param bytesCut how many bytes of an unfinished end were cut; a copy is kept beside the log
 * @param findings what was cut and why, and other things worth knowing
 */
public record RecoveryReport(boolean clean, long revision, long framesReplayed, long bytesCut, List<Finding> findings) {
    public RecoveryReport {
        findings = List.copyOf(findings);
    }

    /** Of a store that found nothing to recover. */
    public static RecoveryReport nothing() {
        return new RecoveryReport(true, 0, 0, 0, List.of());
    }
}
