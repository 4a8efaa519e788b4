// SPDX-License-Identifier: Apache-2.0
package io.github.kvist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.GoldenStore.Book;
import io.github.kvist.api.Entry;
import io.github.kvist.api.Finding;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever any version wrote, this one reads. */
final class GoldenFilesTest {
    private static final Path GOLDEN = Path.of("src", "test", "resources", "golden");

    @TempDir
    private Path directory;

    @ParameterizedTest
    @MethodSource("stores")
    void storeOfEveryFormatIsReadWhole(Path golden) throws IOException {
        try (KvStore store = openCopy(golden, Options.defaults())) {
            assertHoldsEverything(store);
            assertThat(store.admin().recovery().findings())
                    .extracting(Finding::toString)
                    .isEmpty();
            assertThat(store.admin().verify().findings())
                    .extracting(Finding::toString)
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("stores")
    void storeOfEveryFormatIsReadWithoutBeingChanged(Path golden) throws IOException {
        try (KvStore store = openCopy(golden, Options.defaults().readOnly())) {
            assertHoldsEverything(store);
        }

        try (Stream<Path> files = Files.list(golden)) {
            assertThat(files)
                    .allSatisfy(file -> assertThat(copyOf(golden).resolve(file.getFileName()))
                            .hasSameBinaryContentAs(file));
        }
    }

    @ParameterizedTest
    @MethodSource("stores")
    void storeOfEveryFormatIsWrittenFurther(Path golden) throws IOException {
        Book more = new Book("One more", "Author 3", 2026, List.of());
        try (KvStore store = openCopy(golden, Options.defaults())) {
            store.in(GoldenStore.BOOKS).put(1_000, more);
            store.admin().checkpoint();
        }

        try (KvStore store = Kvist.open(copyOf(golden))) {
            assertThat(store.in(GoldenStore.BOOKS).get(1_000)).contains(more);
            store.in(GoldenStore.BOOKS).delete(1_000);
            assertHoldsEverything(store);
        }
    }

    static List<Path> stores() throws IOException {
        try (Stream<Path> directories = Files.find(GOLDEN, 3, (path, is) -> path.endsWith("MANIFEST"))) {
            return directories
                    .map(Path::getParent)
                    .sorted(Comparator.naturalOrder())
                    .toList();
        }
    }

    private static void assertHoldsEverything(KvStore store) {
        Map<Integer, Book> books = GoldenStore.books();
        List<Entry<Integer, Book>> entries = store.in(GoldenStore.BOOKS).scan().toList();

        assertThat(entries).extracting(Entry::key).containsExactlyElementsOf(books.keySet());
        assertThat(entries).extracting(Entry::value).containsExactlyElementsOf(books.values());
        assertThat(entries).extracting(Entry::version).doesNotHaveDuplicates();
        assertThat(store.in(GoldenStore.BOOKS)
                        .by(GoldenStore.BY_AUTHOR)
                        .eq("Author 5")
                        .values())
                .containsExactlyElementsOf(books.values().stream()
                        .filter(book -> book.author().equals("Author 5"))
                        .toList());
        assertThat(store.in(GoldenStore.BOOKS)
                        .by(GoldenStore.BY_TAG)
                        .eq("tag 4")
                        .values())
                .containsExactlyElementsOf(books.values().stream()
                        .filter(book -> book.tags().contains("tag 4"))
                        .toList());
        assertThat(books.values())
                .allSatisfy(book -> assertThat(store.in(GoldenStore.BOOKS)
                                .by(GoldenStore.BY_TITLE)
                                .one(book.title()))
                        .contains(book));
        assertThat(GoldenStore.blobsOf(store)).isEqualTo(GoldenStore.blobs());
    }

    private KvStore openCopy(Path golden, Options options) throws IOException {
        GoldenStore.copy(golden, copyOf(golden));
        return Kvist.open("file:" + copyOf(golden), options);
    }

    private Path copyOf(Path golden) {
        return directory.resolve(golden.getParent().getFileName() + "-" + golden.getFileName());
    }
}
