// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.faults;

import io.github.kvist.api.KeyRange;
import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.Table;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A process with a small heap that fills a store until the memory runs out, makes room, and fills it again. Says what was committed,
 * and with what its calls ended otherwise; anything but an error of ours or a lack of memory ends it at once.
 */
final class HeapFilling {

    static final Table<Long, byte[]> ONE = Table.of("one", Keys.int64(), Values.bytes());
    static final Table<Long, byte[]> OTHER = Table.of("other", Keys.int64(), Values.bytes());
    static final Table<String, Long> FLOORS = Table.of("floors", Keys.string(), Values.int64());
    static final int WRITERS = 2;
    static final long KEYS = 1_000_000;
    static final int UNEXPECTED = 3;

    private static final int BLOB_BYTES = 12_000;

    private final KvStore store;
    private final int writer;
    private final AtomicInteger storms;
    private long next;
    private long floor;

    private HeapFilling(KvStore store, int writer, AtomicInteger storms) {
        this.store = store;
        this.writer = writer;
        this.storms = storms;
        this.next = writer * KEYS;
        this.floor = next;
    }

    static Options options(long maxBytes) {
        return Options.defaults().checkpointAfter(1 << 20).maxBytes(maxBytes);
    }

    public static void main(String[] arguments) throws InterruptedException {
        KvStore store = Shop.open(Path.of(arguments[0]), options(Long.parseLong(arguments[1])));
        AtomicInteger storms = new AtomicInteger(Integer.parseInt(arguments[2]));
        Thread[] threads = new Thread[WRITERS];
        for (int i = 0; i < WRITERS; i++) {
            HeapFilling filling = new HeapFilling(store, i, storms);
            threads[i] = new Thread(filling::run);
            threads[i].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        Runtime.getRuntime().halt(0);
    }

    private void run() {
        boolean makesRoom = false;
        while (storms.get() > 0) {
            try {
                if (makesRoom) {
                    makeRoom();
                } else {
                    fill();
                }
                makesRoom = false;
            } catch (OutOfMemoryError | KvException.LimitExceeded full) {
                makesRoom = true;
                storms.decrementAndGet();
                say("full", full instanceof OutOfMemoryError ? 0 : 1);
            } catch (KvException.OutcomeUnknown | KvException.Unavailable poisoned) {
                say("poisoned", 0);
                return;
            } catch (Throwable unexpected) {
                unexpected.printStackTrace();
                Runtime.getRuntime().halt(UNEXPECTED);
            }
        }
    }

    private void fill() {
        long key = next;
        store.update(transaction -> {
            byte[] blob = new byte[BLOB_BYTES];
            transaction.in(ONE).put(key, blob);
            transaction.in(OTHER).put(key, blob);
        });
        next++;
        say("put", key);
    }

    /** Deletes two thirds of what this writer has; a commit that failed for lack of memory may have come about. */
    private void makeRoom() {
        long present = next;
        if (store.in(ONE).contains(present)) {
            next++;
        }
        long to = floor + (next - floor) * 2 / 3;
        store.update(transaction -> {
            transaction.in(ONE).deleteRange(KeyRange.closedOpen(floor, to));
            transaction.in(OTHER).deleteRange(KeyRange.closedOpen(floor, to));
            transaction.in(FLOORS).put("writer " + writer, to);
        });
        floor = to;
        say("cut", to);
    }

    /** Without memory to say it, nobody is told. */
    private void say(String what, long key) {
        try {
            System.out.println(what + " " + writer + " " + key);
        } catch (OutOfMemoryError unsaid) {
            // as though the process had ended before
        }
    }
}
