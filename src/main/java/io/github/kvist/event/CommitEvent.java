// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;

/** A commit, from the wait for its turn until it is visible and as durable as it wants to be. */
@Name("io.github.kvist.Commit")
@Label("Commit")
@Category("Kvist")
@Description("A commit, from the wait for its turn until it is visible and as durable as it wants to be.")
@StackTrace(false)
@Threshold("10 ms")
public final class CommitEvent extends Event {

    @Label("Revision")
    long revision;

    @Label("Durability")
    @Description("What the commit waited for")
    String durability = "";

    /** One that begins now. */
    public static CommitEvent started() {
        CommitEvent event = new CommitEvent();
        event.begin();
        return event;
    }

    /** Records it if it took long enough. */
    public void ended(long ofRevision, String waitedFor) {
        end();
        if (shouldCommit()) {
            revision = ofRevision;
            durability = waitedFor;
            commit();
        }
    }
}
