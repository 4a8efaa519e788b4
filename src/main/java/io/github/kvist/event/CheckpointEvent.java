// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.event;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A checkpoint, from its first byte until the log before it is cut. */
@Name("io.github.kvist.Checkpoint")
@Label("Checkpoint")
@Category("Kvist")
@Description("A checkpoint, from its first byte until the log before it is cut.")
@StackTrace(false)
public final class CheckpointEvent extends Event {

    @Label("Revision")
    long revision;

    @Label("Entries")
    long entries;

    @Label("Payload")
    @Description("Bytes of all keys and values in it")
    @DataAmount
    long payloadBytes;

    @Label("Completed")
    boolean completed;

    /** One that begins now. */
    public static CheckpointEvent started() {
        CheckpointEvent event = new CheckpointEvent();
        event.begin();
        return event;
    }

    /** Records it. */
    public void ended(long ofRevision, long records, long bytes, boolean isComplete) {
        end();
        if (shouldCommit()) {
            revision = ofRevision;
            entries = records;
            payloadBytes = bytes;
            completed = isComplete;
            commit();
        }
    }
}
