// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** A transaction lost against another commit and may run again. */
@Name("io.github.kvist.Conflict")
@Label("Conflict")
@Category("Kvist")
@Description("A transaction lost against another commit and may run again.")
public final class ConflictEvent extends Event {

    @Label("Keyspace")
    @Description("The table (t/…) or index (i/…) where the two met")
    String keyspace = "";

    @Label("Began After")
    @Description("The revision that the transaction saw")
    long base;

    @Label("Head")
    @Description("The newest revision, which it lost against or a later one")
    long head;

    /** Records one, with the stack of the thread that lost. */
    public static void happened(String where, long began, long newest) {
        ConflictEvent event = new ConflictEvent();
        if (event.shouldCommit()) {
            event.keyspace = where;
            event.base = began;
            event.head = newest;
            event.commit();
        }
    }
}
