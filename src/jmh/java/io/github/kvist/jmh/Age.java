// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.jmh;

/** What a store has been through when it is read. */
public enum Age {
    /** Loaded in one transaction: a copying collector then lays out lists and trees in an order that flatters them. */
    FRESH,
    /** Then overwritten once, entry by entry, in another random order. */
    AGED
}
