// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.Kvist;
import io.github.kvist.api.KvStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs what docs/cli.md shows, and compares what it shows with what comes out, but for instants, sizes, versions and the widths of
 * columns. With {@code -Dkvist.page.write=true} it writes what comes out into the page instead.
 */
final class CliPageTest {
    private static final Path PAGE = Path.of("docs/cli.md");
    private static final Pattern BLOCK = Pattern.compile("```console\n(.*?)```\n", Pattern.DOTALL);
    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

    private final Shell shell = new Shell();
    private int exitCode;

    @TempDir
    Path home;

    @Test
    void pageShowsWhatReallyComesOut() throws IOException {
        String page = Files.readString(PAGE);
        String actual = run(page);

        if (Boolean.getBoolean("kvist.page.write")) {
            Files.writeString(PAGE, actual);
        }
        assertThat(String.join("", blocks(page)).split("\\$ kvist ")).hasSizeGreaterThan(30);
        assertThat(blocks(Files.readString(PAGE))).isEqualTo(blocks(actual));
    }

    @Test
    void everyCommandIsOnThePage() throws IOException {
        shell.run("--help");
        List<String> commands = Pattern.compile("(?m)^  ([a-z]+)  +[A-Z]")
                .matcher(shell.out())
                .results()
                .map(match -> match.group(1))
                .toList();

        assertThat(commands).hasSizeGreaterThan(12);
        String shown = String.join("", blocks(Files.readString(PAGE)));
        for (String command : commands) {
            assertThat(shown).contains("$ kvist " + command + " ");
        }
    }

    /** The page with what its commands print now. */
    private String run(String page) throws IOException {
        SampleStore.write(home.resolve("data/app"));
        writeDamaged(home.resolve("data/damaged"));
        try (KvStore busy = Kvist.open(home.resolve("data/busy"))) {
            busy.in(SampleStore.PEOPLE).put("ann", new SampleStore.Person("Ann", "Oslo"));
            busy.admin().checkpoint();
            busy.in(SampleStore.PEOPLE).put("bob", new SampleStore.Person("Bob", "Oslo"));
            StringBuilder actual = new StringBuilder();
            Matcher blocks = BLOCK.matcher(page);
            while (blocks.find()) {
                StringBuilder block = new StringBuilder("```console\n");
                for (String line : blocks.group(1).lines().toList()) {
                    if (line.startsWith("$ ")) {
                        block.append(line).append('\n').append(output(line.substring(2)));
                    }
                }
                blocks.appendReplacement(
                        actual, Matcher.quoteReplacement(block.append("```\n").toString()));
            }
            blocks.appendTail(actual);
            return actual.toString();
        }
    }

    /** The same store, with a bit of its last commit flipped after it was closed. */
    private static void writeDamaged(Path directory) throws IOException {
        SampleStore.write(directory);
        Path log = directory.resolve("log-0000000001");
        byte[] bytes = Files.readAllBytes(log);
        bytes[bytes.length - 20] ^= 1;
        Files.write(log, bytes);
    }

    private String output(String line) throws IOException {
        if (line.equals("echo $?")) {
            return exitCode + "\n";
        }
        List<String> words = words(line);
        if (words.get(0).equals("cat")) {
            return Files.readString(Path.of(words.get(1)));
        }
        assertThat(words.get(0)).isEqualTo("kvist");
        int from = words.indexOf("<");
        shell.input(from < 0 ? "" : Files.readString(Path.of(words.get(from + 1))));
        int to = words.indexOf(">");
        int end = from >= 0 ? from : to >= 0 ? to : words.size();
        exitCode = shell.run(words.subList(1, end).toArray(new String[0]));
        if (to >= 0) {
            Files.writeString(Path.of(words.get(to + 1)), shell.out());
            return shell.err();
        }
        return (shell.out() + shell.err()).replace(home + "/", "").replace("this process", "process 4711");
    }

    /** As a shell would take the line apart, with files in a directory of the test's own. */
    private List<String> words(String line) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(line);
        while (word.find()) {
            String text = word.group(1) == null ? word.group(2) : word.group(1);
            boolean isFile = text.startsWith("data/") || text.matches("[a-z]+\\.(kvist|jsonl|txt)");
            words.add(isFile ? home.resolve(text).toString() : text);
        }
        return words;
    }

    private static List<String> blocks(String page) {
        return BLOCK.matcher(page)
                .results()
                .map(block -> block.group(1)
                        .replaceAll("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z", "<instant>")
                        .replaceAll("\"version\":\"[0-9a-z]+\"", "\"version\":\"<version>\"")
                        .replaceAll("\\b[\\d,.]+ (bytes?|[kMGTPE]B)\\b", "<size>")
                        .replaceAll("\"([a-zA-Z]*[bB]ytes[a-zA-Z]*)\":\\d+", "\"$1\":<size>")
                        .replaceAll(" +", " "))
                .toList();
    }
}
