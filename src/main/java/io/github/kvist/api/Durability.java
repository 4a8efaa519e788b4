// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.api;

/** What {@code commit} waits for. Commits become visible in revision order whatever their durability. */
public enum Durability {
    /** On stable storage: survives a power cut. The default. */
    SYNC,
    /** Handed to the operating system: survives a killed process, may be lost in a power cut. */
    OS,
    /** In this process only: the last moments may be lost when the process dies. */
    MEMORY
}
