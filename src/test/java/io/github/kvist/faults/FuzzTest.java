// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Fuzzes all targets with Jazzer, guided by coverage: {@code mvn -P fuzz test -Dkvist.fuzz.seconds=300}. The seconds are those of all
 * targets together; each runs in a process of its own, two at a time.
 *
 * <p>It begins with the seeds and the kept corpus, and leaves what it found under {@code target/fuzz}. Bytes that break something are kept by
 * copying them to {@code src/test/resources/fuzz/TARGET}, where {@link FuzzCorpusTest} reads them from then on.
 */
@Tag("fuzz")
@Timeout(100_000)
final class FuzzTest {
    private static final Pattern RUNS = Pattern.compile("stat::number_of_executed_units:\\s*(\\d+)");
    private static final int PROCESSES = 2;
    private static final long INPUT_BYTES_MAX = 8_192;

    private final Path home = Path.of("target", "fuzz").toAbsolutePath();

    @Test
    void nothingButWhatIsPromisedComesOfAnyBytes() throws Exception {
        int seconds = Integer.getInteger("kvist.fuzz.seconds", 300);
        int each = Math.max(5, PROCESSES * seconds / FuzzTarget.values().length);
        Campaign campaign = new Campaign("fuzz");
        ExecutorService processes = Executors.newFixedThreadPool(PROCESSES);
        try {
            List<Future<Long>> runs = new ArrayList<>();
            for (FuzzTarget target : FuzzTarget.values()) {
                runs.add(processes.submit(() -> fuzz(target, each)));
            }
            for (FuzzTarget target : FuzzTarget.values()) {
                campaign.count(
                        target + " executions", runs.get(target.ordinal()).get());
                campaign.atLeast(target + " executions", 100);
            }
        } finally {
            processes.shutdownNow();
        }
        campaign.end();
    }

    /** Returns how many inputs were tried. */
    private long fuzz(FuzzTarget target, int seconds) throws IOException, InterruptedException {
        Path corpus = Files.createDirectories(home.resolve(target.name()));
        int number = 0;
        for (byte[] seed : target.seeds()) {
            Files.write(corpus.resolve("seed-" + number++), seed);
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-Dkvist.fuzz.target=" + target,
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + FuzzEntry.class.getName(),
                "--instrumentation_includes=io.github.kvist.**",
                "--custom_hook_includes=io.github.kvist.**",
                "--reproducer_path=" + home,
                "-max_total_time=" + seconds,
                "-max_len=" + INPUT_BYTES_MAX,
                "-timeout=60",
                "-seed=" + Integer.getInteger("kvist.fuzz.seed", 0), // 0 is another one each time
                "-rss_limit_mb=4096",
                "-print_final_stats=1",
                "-artifact_prefix=" + home + "/" + target + "-",
                corpus.toString()));
        Path kept = FuzzCorpusTest.CORPUS.resolve(target.name());
        if (Files.isDirectory(kept)) {
            command.add(kept.toAbsolutePath().toString());
        }
        Path output = home.resolve(target + ".log");
        Process fuzzer = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        int exit;
        try {
            exit = fuzzer.waitFor();
        } finally {
            fuzzer.destroyForcibly();
        }
        String said = Files.readString(output, StandardCharsets.ISO_8859_1);
        assertThat(exit).as("%s: see %s\n%s", target, output, end(said)).isZero();
        Matcher runs = RUNS.matcher(said);
        assertThat(runs.find())
                .as("%s said how much it tried: %s", target, end(said))
                .isTrue();
        return Long.parseLong(runs.group(1));
    }

    private static String end(String said) {
        List<String> lines = said.lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
    }
}
