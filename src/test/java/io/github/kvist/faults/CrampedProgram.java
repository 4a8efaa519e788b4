// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.faults;

import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A process to which the system denies something: files above a size, or more than a few open ones. Prints what it met. */
final class CrampedProgram {

    private static final int BLOB_BYTES = 8_000;
    private static final int LARGE_BYTES = 250_000;

    private final KvStore store;
    private long committed;

    private CrampedProgram(KvStore store) {
        this.store = store;
    }

    public static void main(String[] arguments) throws IOException {
        Path home = Path.of(arguments[0]);
        warmUp(home.resolveSibling("warm"));
        CrampedProgram program = new CrampedProgram(Shop.open(home, FullDiskTest.options()));
        if (arguments[1].equals("large")) {
            program.withLargeFiles();
        } else {
            program.withoutDescriptors(home);
        }
    }

    /** Loads every class that will be needed, for which there may be no descriptor later: lets another store fail, too. */
    private static void warmUp(Path home) throws IOException {
        KvStore store = Shop.open(home, FullDiskTest.options());
        CrampedProgram program = new CrampedProgram(store);
        program.put(BLOB_BYTES);
        store.admin().checkpoint();
        program.requireReads();
        Files.move(home, home.resolveSibling("moved"));
        refusals("warm checkpoint", store.admin()::checkpoint);
        for (int i = 0; i < 2; i++) {
            refusals("warm put", () -> program.fill(100));
        }
        refusals("warm close", store::close);
    }

    private void fill(int blobs) {
        for (int i = 0; i < blobs; i++) {
            put(BLOB_BYTES);
        }
    }

    /** Checkpoints outgrow what a file may hold; then a single commit does. */
    private void withLargeFiles() {
        fill(40);
        refusals("checkpoint", store.admin()::checkpoint);
        put(BLOB_BYTES);
        requireReads();
        refusals("put", () -> put(LARGE_BYTES));
        refusals("next put", () -> put(BLOB_BYTES));
        requireReads();
        store.close();
    }

    /** Not one file can be opened, until some are closed again. */
    private void withoutDescriptors(Path home) throws IOException {
        fill(5);
        List<FileInputStream> held = takeAll();
        try {
            store.in(FullDiskTest.BLOBS).put(0L, new byte[BLOB_BYTES]); // behind what closes files in the background
            held.addAll(takeAll());
            refusals("checkpoint", store.admin()::checkpoint);
            held.addAll(takeAll());
            requireReads();
            refusals("put", () -> fill(40)); // as long as the file of the log has room
            refusals("next put", () -> put(BLOB_BYTES));
            requireReads();
        } finally {
            for (FileInputStream file : held) {
                file.close();
            }
        }
        store.close();
        try (KvStore again = Shop.open(home, FullDiskTest.options())) {
            CrampedProgram program = new CrampedProgram(again);
            program.committed = again.in(FullDiskTest.BLOBS).count();
            program.put(BLOB_BYTES);
            again.admin().checkpoint();
            System.out.println("reopened");
        }
    }

    private static List<FileInputStream> takeAll() {
        List<FileInputStream> held = new ArrayList<>();
        try {
            while (true) {
                held.add(new FileInputStream("/dev/null"));
            }
        } catch (IOException noMore) {
            return held;
        }
    }

    private void put(int length) {
        store.in(FullDiskTest.BLOBS).put(committed, new byte[length]);
        committed++;
        System.out.println("committed " + committed);
    }

    private void requireReads() {
        if (store.in(FullDiskTest.BLOBS).count() != committed
                || store.in(FullDiskTest.BLOBS).get(committed - 1).isEmpty()) {
            throw new AssertionError("what was committed cannot be read");
        }
    }

    private static void refusals(String what, Runnable call) {
        try {
            call.run();
            System.out.println(what + " went through");
        } catch (KvException refusal) {
            System.out.println(what + " refused: " + refusal.getClass().getSimpleName() + ": " + refusal.getMessage());
        }
    }
}
