// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.jmh;

/** How the process ended that wrote a store. */
public enum Ending {
    CLOSED,
    KILLED
}
