// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend;

import io.github.kvist.api.Finding;
import io.github.kvist.api.RecoveryReport;
import java.util.List;

/** For backends that keep files of their own and can look after them. */
public interface Maintenance {

    RecoveryReport recovery();

    /** Writes the newest revision as a checkpoint and cuts the log before it; returns when both are durable. */
    void checkpoint();

    /** Checks every checksum and every invariant, without stopping writers. */
    List<Finding> verify();
}
