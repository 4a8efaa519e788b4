// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.api;

/** What became of a transaction whose answer was lost. */
public enum Outcome {
    COMMITTED,
    /** It did not happen and never will. */
    ROLLED_BACK,
    /** Too long ago, or the store cannot tell. */
    UNKNOWN
}
