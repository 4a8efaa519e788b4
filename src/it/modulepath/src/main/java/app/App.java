// SPDX-License-Identifier: Apache-2.0
package app;

import io.github.kvist.Kvist;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Table;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.time.LocalDate;
import java.util.Optional;

/** Stores a record from one named module through another, and looks at what Kvist's module lets out. */
public final class App {
    record Book(String title, LocalDate printed, Optional<String> series) {}

    static final Table<Long, Book> BOOKS = Table.of("books", Keys.int64(), Values.json(Book.class));

    public static void main(String[] args) {
        Book book = new Book("Twigs", LocalDate.of(1994, 5, 1), Optional.empty());
        try (KvStore store = Kvist.open(args[0])) {
            store.in(BOOKS).put(7L, book);
        }
        try (KvStore store = Kvist.open(args[0])) {
            Optional<Book> found = store.in(BOOKS).get(7L);
            expect(found.equals(Optional.of(book)), "the book after opening again, but found " + found);
        }
        Module kvist = Kvist.class.getModule();
        expect(kvist.isNamed() && App.class.getModule().isNamed(), "two named modules");
        expect(!kvist.isExported("io.github.kvist.engine"), "the engine to stay behind its door");
        System.out.println("module path: found again after reopening");
    }

    private static void expect(boolean fact, String what) {
        if (!fact) {
            throw new AssertionError("expected " + what);
        }
    }
}
