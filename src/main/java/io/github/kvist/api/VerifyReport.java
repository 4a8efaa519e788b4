// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.api;

import java.util.List;

/** What {@link Admin#verify} found; nothing, if all is well. */
public record VerifyReport(List<Finding> findings) {
    public VerifyReport {
        findings = List.copyOf(findings);
    }

    public boolean clean() {
        return findings.isEmpty();
    }
}
