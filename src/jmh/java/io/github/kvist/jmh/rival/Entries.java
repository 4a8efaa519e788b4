// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.jmh.rival;

/** Entries to load, in the order to load them; every call gives a fresh array. */
public interface Entries {

    int size();

    byte[] key(int position);

    byte[] value(int position);
}
