// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.api;

/** Is told now and then how far a long piece of work has come, on the thread that does it. */
@FunctionalInterface
public interface ProgressListener {

    /**
     * Called every few thousand entries or quarter of a megabyte, and at the end; never with less than before. An exception from
     * here ends the work.
     *
     * @param done in the unit that the work names
     * @param total in the same unit; -1 if it cannot be known
     */
    void progressed(long done, long total);
}
