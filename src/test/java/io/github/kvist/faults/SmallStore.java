// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.faults;

import io.github.kvist.Kvist;
import io.github.kvist.api.Entry;
import io.github.kvist.api.Expiry;
import io.github.kvist.api.Index;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.Recovery;
import io.github.kvist.api.Table;
import io.github.kvist.backend.FileSystem;
import io.github.kvist.backend.file.FileStorage;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import io.github.kvist.testkit.SimulatedDisk;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A store small enough to be damaged in every way, and complete: tables with indexes, deadlines, values in and outside of pages,
 * several segments, a checkpoint; and what it held after each of its commits.
 *
 * @param files as they lay in the end
 * @param earlier the same after each commit before
 * @param states what it held, by revision
 * @param closed whether it was closed properly
 * @param diverged a copy of the store that went on otherwise from its last session on
 * @param divergedStates what that held, by revision
 */
record SmallStore(
        StoredFiles files,
        List<StoredFiles> earlier,
        Map<Long, String> states,
        boolean closed,
        StoredFiles diverged,
        Map<Long, String> divergedStates) {
    record Book(String title, String author) {}

    static final Index<Book, String> BY_AUTHOR = Index.of("author", Keys.string(), Book::author);
    static final Index<Book, String> BY_TITLE = Index.unique("title", Keys.string(), Book::title);
    static final Table<Integer, Book> BOOKS = Table.of("books", Keys.int32(), Values.json(Book.class))
            .with(BY_AUTHOR)
            .with(BY_TITLE);
    static final Table<String, byte[]> BLOBS = Table.of("blobs", Keys.string(), Values.bytes());
    static final Table<String, String> SESSIONS = Table.of("sessions", Keys.string(), Values.string());

    static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

    private static final int FIRST_SEGMENT = 1024;
    private static final int LARGEST_SEGMENT = 4096;

    /** How a store comes to its end. */
    enum End {
        /** Closed, with a checkpoint and a log behind it. */
        CLOSED,
        /** Its process killed, with a checkpoint and a log behind it, after a clean close in between. */
        KILLED,
        /** Closed when its checkpoint held all, so that there is no log. */
        WITHOUT_LOG,
        /** Closed before it had a checkpoint. */
        WITHOUT_CHECKPOINT
    }

    static SmallStore of(End end) {
        SimulatedDisk disk = new SimulatedDisk();
        Making making = new Making(disk);
        making.session(store -> {
            making.first(store);
            if (end != End.WITHOUT_CHECKPOINT) {
                store.admin().checkpoint();
                making.note(store);
            }
            making.second(store);
        });
        making.note();
        Making other = new Making(disk.afterKill());
        making.last(end, "Author");
        other.last(end, "Writer");
        return new SmallStore(
                StoredFiles.of(making.end),
                List.copyOf(making.earlier),
                making.states,
                end != End.KILLED,
                StoredFiles.of(other.end),
                other.states);
    }

    long revision() {
        return states.keySet().stream().mapToLong(revision -> revision).max().orElse(0);
    }

    static FileStorage storage(FileSystem files) {
        return new FileStorage(files, FIRST_SEGMENT, LARGEST_SEGMENT, Runnable::run);
    }

    static KvStore open(FileSystem files, Recovery recovery) {
        return Kvist.open(storage(files), options().recovery(recovery));
    }

    static Options options() {
        return Options.defaults().clock(() -> NOW);
    }

    /** All that a program sees: records with versions and deadlines, in order, and what the indexes say. */
    static String contents(KvStore store) {
        StringBuilder text = new StringBuilder();
        for (Entry<Integer, Book> entry : store.in(BOOKS).scan()) {
            text.append(entry).append('\n');
        }
        text.append(store.in(BOOKS).by(BY_AUTHOR).scan(KeyRange.all()).keys()).append('\n');
        text.append(store.in(BOOKS).by(BY_TITLE).scan(KeyRange.all()).keys()).append('\n');
        for (Entry<String, byte[]> entry : store.in(BLOBS).scan()) {
            text.append(entry.key()).append(' ').append(entry.version()).append(' ');
            text.append(entry.value().length).append(' ');
            text.append(Arrays.hashCode(entry.value())).append('\n');
        }
        for (Entry<String, String> entry : store.in(SESSIONS).scan()) {
            text.append(entry).append('\n');
        }
        return text.toString();
    }

    private static final class Making {
        private final SimulatedDisk disk;
        private final Map<Long, String> states = new TreeMap<>();
        private final List<StoredFiles> earlier = new ArrayList<>();
        private SimulatedDisk end = new SimulatedDisk();

        Making(SimulatedDisk disk) {
            this.disk = disk;
            states.put(0L, contents(Kvist.inMemory()));
        }

        void session(Consumer<KvStore> work) {
            try (KvStore store = open(disk, Recovery.STRICT)) {
                work.accept(store);
            }
        }

        /** The last session, and how the store comes to its end. */
        void last(End how, String role) {
            if (how == End.KILLED) {
                KvStore unclosed = open(disk, Recovery.STRICT);
                third(unclosed, role);
                end = disk.afterKill();
                return;
            }
            session(store -> third(store, role));
            if (how == End.WITHOUT_LOG) {
                session(store -> store.admin().checkpoint());
            }
            end = disk;
        }

        void note(KvStore store) {
            states.put(store.revision(), contents(store));
            note();
        }

        void note() {
            earlier.add(StoredFiles.of(disk));
        }

        void first(KvStore store) {
            for (int number = 1; number <= 20; number++) {
                put(store, number, 1);
            }
            blob(store, "little", 20);
            blob(store, "big", 400);
            store.in(SESSIONS).put("ann", "lamp", Expiry.at(NOW.plusSeconds(100)));
            note(store);
            store.in(BOOKS).delete(2);
            note(store);
        }

        void second(KvStore store) {
            for (int number = 21; number < 30; number++) {
                put(store, number, 1);
            }
            put(store, 1, 2);
            store.in(SESSIONS).put("bob", "door", Expiry.at(NOW.plusSeconds(200)));
            note(store);
            store.update(transaction -> {
                transaction.in(BOOKS).deleteRange(KeyRange.closedOpen(3, 7));
                transaction.in(BOOKS).put(6, book(6, 2));
                transaction.in(SESSIONS).put("cy", "window");
            });
            note(store);
        }

        void third(KvStore store, String role) {
            blob(store, "big", 700);
            for (int number = 30; number < 40; number++) {
                store.in(BOOKS).put(number, new Book("Title " + number + ".1", role + " " + number % 3));
                note(store);
            }
            store.in(SESSIONS).touch("ann", Expiry.at(NOW.plusSeconds(1_000)));
            note(store);
            store.in(BLOBS).delete("little");
            note(store);
            put(store, 8, 2);
        }

        private void put(KvStore store, int number, int edition) {
            store.in(BOOKS).put(number, book(number, edition));
            note(store);
        }

        private void blob(KvStore store, String key, int length) {
            byte[] bytes = new byte[length];
            for (int i = 0; i < length; i++) {
                bytes[i] = (byte) (i * 31 + length);
            }
            store.in(BLOBS).put(key, bytes);
            note(store);
        }

        private static Book book(int number, int edition) {
            return new Book("Title " + number + "." + edition, "Author " + number % 3);
        }
    }
}
