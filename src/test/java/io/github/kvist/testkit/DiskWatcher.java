// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

/** Is told of the calls to a {@link SimulatedDisk}. */
public interface DiskWatcher {

    /** A call begins. May hold it back for as long as it likes: other calls go on meanwhile. */
    default void begins(DiskCall call) {}

    /**
     * A call has changed what is seen, and nothing of it is durable yet: the world stands still, and this is the moment to ask for
     * {@link SimulatedDisk#powerLoss}. A call that only syncs is told of before it has done so.
     */
    default void changes(DiskCall call) {}
}
