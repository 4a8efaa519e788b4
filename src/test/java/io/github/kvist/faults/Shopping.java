// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.faults;

import io.github.kvist.api.KvStore;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The process that is killed: all writers of a {@link Shop} at once, each going on behind the commit that it is told. After each
 * commit it prints {@code writer commit memory}, where the last is the newest commit of the writer that waits for nothing which
 * had returned before this one began: whatever survives, survives in that order.
 */
final class Shopping {

    private Shopping() {}

    public static void main(String[] arguments) throws IOException {
        KvStore store = Shop.open(Path.of(arguments[0]));
        PrintStream out = System.out;
        out.println("open");
        AtomicLong unsynced = new AtomicLong(Long.parseLong(arguments[Shop.WRITERS]));
        for (int i = 0; i < Shop.WRITERS; i++) {
            int writer = i;
            long last = Long.parseLong(arguments[1 + i]);
            new Thread(() -> write(store, writer, last, unsynced, out)).start();
        }
        exitWhenTold();
    }

    /** In the middle of everything. */
    private static void exitWhenTold() throws IOException {
        if (System.in.read() >= 0) {
            System.exit(0);
        }
    }

    private static void write(KvStore store, int writer, long last, AtomicLong unsynced, PrintStream out) {
        try {
            for (long commit = last + 1; ; commit++) {
                long before = unsynced.get();
                Shop.commit(store, writer, commit);
                if (writer == Shop.WRITERS - 1) {
                    unsynced.set(commit);
                    Thread.sleep(1); // it would leave the others no time
                }
                out.println(writer + " " + commit + " " + before);
            }
        } catch (Throwable unexpected) {
            unexpected.printStackTrace();
            Runtime.getRuntime().halt(3);
        }
    }
}
