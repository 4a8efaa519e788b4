// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.api;

/** What opening does with a log whose end is not whole. Damage of anything that was known durable is refused by every mode. */
public enum Recovery {
    /** Refuses any bad byte, also an unfinished end after a crash. */
    STRICT,
    /** Cuts the unfinished end that a crash leaves, keeps a copy of the bytes and reports it. The default. */
    DROP_TORN_TAIL
}
