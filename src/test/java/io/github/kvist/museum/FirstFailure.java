// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.museum;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * Lets no test begin once one has failed. Only the museum asks for it, see {@link Detector#request}; each {@linkplain
 * Patch#world world} has one of its own.
 */
public final class FirstFailure implements ExecutionCondition, TestWatcher {
    private static volatile boolean isThere;

    @Override
    public void testFailed(ExtensionContext context, Throwable cause) {
        isThere = true;
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return isThere
                ? ConditionEvaluationResult.disabled("a test has failed")
                : ConditionEvaluationResult.enabled("no test has failed");
    }
}
