// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.migrate;

import java.time.Duration;

/**
 * How the application was moved over.
 *
 * @param pause for how long writes were held back
 * @param attempts how often that was tried; all but the last were given up, because writes under way or the target needed longer
 * @param leftAt the last revision of the store that was left
 * @param arrivedAt the revision of the store that is current now, before the first write there
 */
public record CutOver(Duration pause, int attempts, long leftAt, long arrivedAt) {}
