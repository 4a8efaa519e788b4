// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend;

/**
 * For backends whose stamps can be made higher than those of another system, so that entries can be taken over with the versions
 * that they had there: a version that somebody still remembers is never given to another write.
 */
public interface Stamping {

    /**
     * From now on {@link Backend#newVersion} gives only stamps above {@code version}, here and in every process that opens the same
     * data later. Does nothing if that is so already.
     */
    void newVersionsAbove(long version);
}
