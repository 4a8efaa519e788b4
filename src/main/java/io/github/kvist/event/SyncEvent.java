// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.event;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;

/** One write of the log, for all commits that waited, and its sync. */
@Name("io.github.kvist.Sync")
@Label("Log Write")
@Category("Kvist")
@Description("One write of the log, for all commits that waited, and its sync.")
@StackTrace(false)
@Threshold("10 ms")
public final class SyncEvent extends Event {

    @Label("Frame Size")
    @DataAmount
    long frameBytes;

    @Label("Commits")
    @Description("How many commits share the write")
    long commits;

    @Label("Synced")
    @Description("Whether the write returned when it was durable, and not when the system had it")
    boolean synced;

    /** One that begins now. */
    public static SyncEvent started() {
        SyncEvent event = new SyncEvent();
        event.begin();
        return event;
    }

    /** Records it if it took long enough. */
    public void ended(long bytes, long sharedBy, boolean isDurable) {
        end();
        if (shouldCommit()) {
            frameBytes = bytes;
            commits = sharedBy;
            synced = isDurable;
            commit();
        }
    }
}
