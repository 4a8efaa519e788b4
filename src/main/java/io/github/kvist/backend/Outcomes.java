// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend;

import io.github.kvist.api.Outcome;

/** For backends that remember what became of a commit whose answer was lost. */
public interface Outcomes {

    /**
     * What became of the transaction that an {@link io.github.kvist.api.KvException.OutcomeUnknown} named. After
     * {@link Outcome#ROLLED_BACK} it never happens, even if it is still on its way.
     */
    Outcome outcome(String transactionId);
}
