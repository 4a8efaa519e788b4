// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.api;

import java.util.List;

/**
 * What {@link Admin#verify} found; nothing, if all is well.
 *
 * @param findings each with its place
 * @param unchecked what could not be checked, and why; no sign of damage
 */
public record VerifyReport(List<Finding> findings, List<Finding> unchecked) {
    public VerifyReport {
        findings = List.copyOf(findings);
        unchecked = List.copyOf(unchecked);
    }

    public boolean clean() {
        return findings.isEmpty();
    }
}
