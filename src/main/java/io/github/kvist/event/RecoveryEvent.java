// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.event;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** The opening of a store: its checkpoint was read and its log replayed. */
@Name("io.github.kvist.Recovery")
@Label("Recovery")
@Category("Kvist")
@Description("The opening of a store: its checkpoint was read and its log replayed.")
@StackTrace(false)
public final class RecoveryEvent extends Event {

    @Label("Revision")
    long revision;

    @Label("Clean")
    @Description("Whether the store had been closed properly, or was new")
    boolean clean;

    @Label("Frames Replayed")
    long framesReplayed;

    @Label("Cut")
    @Description("Bytes of an unfinished end of the log that were cut")
    @DataAmount
    long bytesCut;

    /** One that begins now. */
    public static RecoveryEvent started() {
        RecoveryEvent event = new RecoveryEvent();
        event.begin();
        return event;
    }

    /** Records it. */
    public void ended(long found, boolean isClean, long frames, long cut) {
        end();
        if (shouldCommit()) {
            revision = found;
            clean = isClean;
            framesReplayed = frames;
            bytesCut = cut;
            commit();
        }
    }
}
