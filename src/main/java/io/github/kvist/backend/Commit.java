// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend;

import io.github.kvist.api.Durability;
import java.util.List;

/**
 * A whole transaction in one call: all operations happen, in one revision, if all conditions hold; else nothing does.
 *
 * @param durability what the call waits for
 */
public record Commit(List<Condition> conditions, List<? extends Operation> operations, Durability durability) {}
