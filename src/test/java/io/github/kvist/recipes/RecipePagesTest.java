// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Pages that cannot rot: their code is code of the examples, and their links lead somewhere. */
final class RecipePagesTest {

    private static final Path PAGES = Path.of("docs", "recipes");
    private static final Path INDEX = PAGES.resolve("README.md");
    private static final Path EXAMPLES = Path.of("src", "test", "java", "io", "github", "kvist", "recipes");

    private static final Pattern CODE = Pattern.compile("^```java\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)\\)");
    private static final Pattern IMPORT = Pattern.compile("^import (?:static )?(.+);$", Pattern.MULTILINE);
    private static final Pattern OPEN_TO_USERS = Pattern.compile(
            "java\\..+|io\\.github\\.kvist\\.(Kvist|(api|codec)\\..+)|org\\.jspecify\\.annotations\\..+");

    /** How deep in its class a block of code may lie that stands at the margin of its page. */
    private static final List<Integer> MARGINS = List.of(0, 4, 8);

    @ParameterizedTest
    @MethodSource("pages")
    void everyBlockOfCodeStandsInAnExampleThatThePageLinks(Path page) {
        List<String> sources =
                links(page).filter(isSource()).map(RecipePagesTest::text).toList();

        List<String> blocks = found(CODE, text(page));

        assertThat(blocks)
                .isNotEmpty()
                .allSatisfy(block -> assertThat(sources)
                        .as("the sources that the page links")
                        .anyMatch(source ->
                                MARGINS.stream().anyMatch(margin -> source.contains(indented(block, margin)))));
    }

    @ParameterizedTest
    @MethodSource("pagesAndIndex")
    void everyLinkLeadsToAFile(Path page) {
        assertThat(links(page))
                .isNotEmpty()
                .allSatisfy(target -> assertThat(target).exists());
    }

    @ParameterizedTest
    @MethodSource("pages")
    void thePageLinksItsExampleAndTheTestOfIt(Path page) {
        List<Path> sources = links(page).filter(isSource()).toList();

        assertThat(sources).anyMatch(isTest()).anyMatch(isTest().negate());
    }

    @Test
    void theIndexNamesEveryPage() throws IOException {
        List<Path> named = links(INDEX).toList();

        assertThat(named).containsAll(pages().toList());
    }

    @Test
    void examplesUseOnlyWhatIsOpenToUsers() throws IOException {
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            assertThat(files.filter(isSource().and(isTest().negate())))
                    .isNotEmpty()
                    .allSatisfy(example -> assertThat(found(IMPORT, text(example)))
                            .allSatisfy(name -> assertThat(name).matches(OPEN_TO_USERS)));
        }
    }

    static Stream<Path> pages() throws IOException {
        try (Stream<Path> files = Files.list(PAGES)) {
            return files.filter(file -> !file.equals(INDEX)).sorted().toList().stream();
        }
    }

    static Stream<Path> pagesAndIndex() throws IOException {
        return Stream.concat(pages(), Stream.of(INDEX));
    }

    private static Stream<Path> links(Path page) {
        return found(LINK, text(page)).stream()
                .map(link -> page.resolveSibling(link).normalize());
    }

    private static Predicate<Path> isSource() {
        return path -> path.toString().endsWith(".java");
    }

    private static Predicate<Path> isTest() {
        return path -> path.toString().endsWith("Test.java");
    }

    private static String indented(String block, int margin) {
        StringBuilder lines = new StringBuilder();
        block.lines()
                .forEach(line -> lines.append(line.isEmpty() ? "" : " ".repeat(margin) + line)
                        .append('\n'));
        return "\n" + lines;
    }

    private static List<String> found(Pattern pattern, String text) {
        List<String> groups = new ArrayList<>();
        for (Matcher matcher = pattern.matcher(text); matcher.find(); ) {
            groups.add(matcher.group(1));
        }
        return groups;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
