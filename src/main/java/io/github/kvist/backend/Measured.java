// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend;

/** For backends that know how large they are and what they have done. */
public interface Measured {

    /** The figures of this moment. O(keyspaces + entries that are due), beside all other work. */
    Figures figures();
}
