// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A commit that removed entries whose deadline had passed. */
@Name("io.github.kvist.Sweep")
@Label("Sweep")
@Category("Kvist")
@Description("A commit that removed entries whose deadline had passed.")
@StackTrace(false)
public final class SweepEvent extends Event {

    @Label("Expired")
    @Description("Records that were removed")
    long expired;

    /** One that begins now. */
    public static SweepEvent started() {
        SweepEvent event = new SweepEvent();
        event.begin();
        return event;
    }

    /** Records it. */
    public void ended(long records) {
        end();
        if (shouldCommit()) {
            expired = records;
            commit();
        }
    }
}
