// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.api;

/** What a transaction is protected from. Under both, an index always agrees with its records. */
public enum Isolation {
    /** As if transactions ran one after the other: everything read is validated at commit, phantoms included. */
    SERIALIZABLE,
    /** One consistent view, and the first committer of a key wins; write skew is possible. */
    SNAPSHOT
}
