// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import io.github.kvist.api.Capabilities;
import io.github.kvist.api.Capabilities.Limits;
import io.github.kvist.api.Capabilities.Support;
import io.github.kvist.api.Capability;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the kit found out about one store: what it claims, how many tests of each group it passed, and which were skipped and why. A file
 * of lines that people and programs read alike:
 *
 * <pre>{@code
 * claims WATCH NATIVE
 * limits 4096 1048576 67108864 2147483647
 * group Watches 27 passed 0 failed
 * skipped Forks.closedForkIsClosedAndItsOriginIsNot needs FORK
 * }</pre>
 *
 * <p>Safe for any number of threads.
 */
public final class KitReport {

    /** The configuration parameter of JUnit that names the directory of the reports. */
    public static final String DIRECTORY = "kvist.kit.reports";

    /** Where they are unless it is set; below the directory in which the tests run. */
    public static final String DIRECTORY_BY_DEFAULT = "target/kvist-kit";

    /** How the tests of one group went. */
    public record Tally(int passed, int failed, int skipped) {
        Tally plus(int passed, int failed, int skipped) {
            return new Tally(this.passed + passed, this.failed + failed, this.skipped + skipped);
        }
    }

    private final String store;
    // Guarded by this.
    private final Map<String, Tally> groups = new TreeMap<>();
    private final List<String> skipped = new ArrayList<>();
    private @Nullable Capabilities claims;

    /** An empty report on the store that the class {@code store} opens. */
    KitReport(String store) {
        this.store = store;
    }

    synchronized void claims(Capabilities claims) {
        this.claims = claims;
    }

    synchronized void passed(String group) {
        add(group, 1, 0, 0);
    }

    synchronized void failed(String group) {
        add(group, 0, 1, 0);
    }

    synchronized void skipped(String group, String test, String reason) {
        add(group, 0, 0, 1);
        skipped.add(group + "." + test + " " + reason);
    }

    private void add(String group, int passed, int failed, int skipped) {
        groups.put(group, groups.getOrDefault(group, new Tally(0, 0, 0)).plus(passed, failed, skipped));
    }

    /** By group. */
    public synchronized Map<String, Tally> groups() {
        return Collections.unmodifiableMap(new TreeMap<>(groups));
    }

    /** Each as group, test and reason. */
    public synchronized List<String> skipped() {
        return List.copyOf(skipped);
    }

    /**
     * What the store said that it can do.
     *
     * @throws IllegalStateException if no test got as far as to ask
     */
    public synchronized Capabilities claims() {
        if (claims == null) {
            throw new IllegalStateException(
                    "No test of " + store + " opened a store. See its failures, and run it again.");
        }
        return claims;
    }

    /** The file of the report on a class of tests. */
    public static Path file(Path directory, String testClass) {
        return directory.resolve(testClass + ".txt");
    }

    synchronized void write(Path directory) {
        List<String> lines = new ArrayList<>();
        if (claims != null) {
            for (Capability capability : Capability.values()) {
                lines.add("claims " + capability + " " + claims.of(capability));
            }
            Limits limits = claims.limits();
            lines.add("limits " + limits.keyBytes() + " " + limits.valueBytes() + " " + limits.transactionBytes() + " "
                    + limits.transactionKeys());
        }
        groups.forEach((group, tally) ->
                lines.add("group " + group + " " + tally.passed + " passed " + tally.failed + " failed"));
        skipped.stream().sorted().forEach(test -> lines.add("skipped " + test));
        try {
            Files.createDirectories(directory);
            Files.write(file(directory, store), lines);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /**
     * Reads what an earlier run wrote.
     *
     * @throws IOException if there is no such file, or it is none of these
     */
    public static KitReport read(Path directory, String testClass) throws IOException {
        KitReport report = new KitReport(testClass);
        Map<Capability, Support> support = new EnumMap<>(Capability.class);
        for (String line : Files.readAllLines(file(directory, testClass))) {
            String[] words = line.split(" ", -1);
            switch (words[0]) {
                case "claims" -> support.put(Capability.valueOf(words[1]), Support.valueOf(words[2]));
                case "limits" ->
                    report.claims = new Capabilities(
                            support,
                            new Limits(
                                    Integer.parseInt(words[1]),
                                    Integer.parseInt(words[2]),
                                    Long.parseLong(words[3]),
                                    Integer.parseInt(words[4])));
                case "group" -> report.add(words[1], Integer.parseInt(words[2]), Integer.parseInt(words[4]), 0);
                case "skipped" -> {
                    String[] parts = words[1].split("\\.", 2);
                    report.skipped(parts[0], parts[1], line.substring(line.indexOf(words[1]) + words[1].length() + 1));
                }
                default -> throw new IOException(file(directory, testClass) + " is no report: " + words[0]);
            }
        }
        return report;
    }
}
