// SPDX-License-Identifier: Apache-2.0
package io.github.kvist;

import io.github.kvist.api.Entry;
import io.github.kvist.api.Index;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.Table;
import io.github.kvist.api.TableWriter;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What lies in the golden files, and how they were made.
 *
 * <p>{@link #main} writes those of the present format into a new directory: one store that was closed, one whose process was killed.
 * It is run once for each format, by the version that introduces it; what it wrote is never changed afterwards.
 */
final class GoldenStore {
    record Book(String title, String author, int year, List<String> tags) {}

    static final Index<Book, String> BY_AUTHOR = Index.of("author", Keys.string(), Book::author);
    static final Index<Book, String> BY_TITLE = Index.unique("title", Keys.string(), Book::title);
    static final Index<Book, String> BY_TAG = Index.multi("tag", Keys.string(), Book::tags);
    static final Table<Integer, Book> BOOKS = Table.of("books", Keys.int32(), Values.json(Book.class))
            .with(BY_AUTHOR)
            .with(BY_TITLE)
            .with(BY_TAG);
    static final Table<String, byte[]> BLOBS = Table.of("blobs", Keys.string(), Values.bytes());

    /** Deletes and replacements among them, some of each before the checkpoint and some after it. */
    private static final int BOOK_COUNT = 300;

    private static final int[] BLOB_BYTES = {0, 1, 255, 256, 257, 5_000, 32_767, 32_768, 70_000};
    private static final Instant CLOCK = Instant.parse("2026-11-20T12:00:00Z");

    private GoldenStore() {}

    /** Writes {@code closed} and {@code killed} into a directory that does not exist yet. */
    public static void main(String[] args) throws IOException {
        Path target = Files.createDirectory(Path.of(args[0]));
        Path working = target.resolve("working");
        try (KvStore store = Kvist.open("file:" + working, Options.defaults().clock(() -> CLOCK))) {
            fill(store);
            copy(working, target.resolve("killed"));
        }
        copy(working, target.resolve("closed"));
        try (Stream<Path> files = Files.list(working)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(working);
    }

    /** Copies the files that hold data: neither the lock nor who holds it. */
    static void copy(Path source, Path target) throws IOException {
        Files.createDirectory(target);
        try (Stream<Path> files = Files.list(source)) {
            for (Path file : files.toList()) {
                if (!file.getFileName().toString().startsWith("kvist.")) {
                    Files.copy(file, target.resolve(file.getFileName()));
                }
            }
        }
    }

    private static void fill(KvStore store) {
        for (int number = 0; number < BOOK_COUNT; number++) {
            store.in(BOOKS).put(number, book(number, 1));
        }
        for (int bytes : BLOB_BYTES) {
            store.in(BLOBS).put("blob of " + bytes, blob(bytes));
        }
        store.in(BLOBS).put("replaced later", blob(99));
        change(store, 100);
        store.admin().checkpoint();
        change(store, 200);
        store.in(BLOBS).put("replaced later", blob(40_000));
        store.in(BLOBS).put("after the checkpoint", blob(300));
    }

    /** Ten books go, ten change, in one transaction. */
    private static void change(KvStore store, int from) {
        store.update(transaction -> {
            TableWriter<Integer, Book> books = transaction.in(BOOKS);
            books.deleteRange(KeyRange.closedOpen(from, from + 5));
            for (int number = from + 5; number < from + 10; number++) {
                books.delete(number);
            }
            for (int number = from + 10; number < from + 20; number++) {
                books.put(number, book(number, 2));
            }
        });
    }

    static Map<Integer, Book> books() {
        Map<Integer, Book> books = new TreeMap<>();
        for (int number = 0; number < BOOK_COUNT; number++) {
            int inHundred = number < 100 ? 99 : number % 100;
            if (inHundred >= 10) {
                books.put(number, book(number, inHundred < 20 ? 2 : 1));
            }
        }
        return books;
    }

    static Map<String, List<Byte>> blobs() {
        Map<String, List<Byte>> blobs = new TreeMap<>();
        for (int bytes : BLOB_BYTES) {
            blobs.put("blob of " + bytes, list(blob(bytes)));
        }
        blobs.put("replaced later", list(blob(40_000)));
        blobs.put("after the checkpoint", list(blob(300)));
        return blobs;
    }

    static Map<String, List<Byte>> blobsOf(KvStore store) {
        return store.in(BLOBS).scan().toList().stream()
                .collect(Collectors.toMap(Entry::key, entry -> list(entry.value())));
    }

    private static Book book(int number, int edition) {
        return new Book(
                "Title %d, edition %d".formatted(number, edition),
                "Author " + number % 17,
                1900 + number % 120,
                number % 3 == 0 ? List.of() : List.of("tag " + number % 7, "every third or so"));
    }

    private static byte[] blob(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31 + length);
        }
        return bytes;
    }

    private static List<Byte> list(byte[] bytes) {
        Byte[] boxed = new Byte[bytes.length];
        Arrays.setAll(boxed, i -> bytes[i]);
        return List.of(boxed);
    }
}
