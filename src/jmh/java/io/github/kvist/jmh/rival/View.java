// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.jmh.rival;

/** An open snapshot of a store. */
public interface View extends AutoCloseable {

    /** The digest of the value, or {@link Contender#ABSENT}. */
    long get(byte[] key) throws Exception;

    @Override
    void close() throws Exception;
}
