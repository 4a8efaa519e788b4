// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts what a campaign has tried and says so when it ends: on standard output, and as a line of {@code target/campaigns.txt}.
 * A campaign that ends by a failure says nothing of numbers; its test has failed.
 *
 * <pre>{@code
 * Campaign campaign = new Campaign("power cuts");
 * ... campaign.count("states");
 * campaign.end();
 * }</pre>
 *
 * <p>Safe for any number of threads.
 */
public final class Campaign {
    private static final Path LINES = Path.of("target", "campaigns.txt");

    private final String name;
    private final long began = System.nanoTime();
    private final Map<String, AtomicLong> counts = new LinkedHashMap<>();

    /** Begins, and takes the time. */
    public Campaign(String name) {
        this.name = name;
    }

    public void count(String what) {
        count(what, 1);
    }

    public void count(String what, long more) {
        counter(what).addAndGet(more);
    }

    public long counted(String what) {
        return counter(what).get();
    }

    private AtomicLong counter(String what) {
        synchronized (counts) {
            return counts.computeIfAbsent(what, any -> new AtomicLong());
        }
    }

    /** Fails if less was tried than was meant to be: a campaign that no longer reaches its cases must not look green. */
    public Campaign atLeast(String what, long number) {
        assertThat(counted(what)).as("%s: %s", name, what).isGreaterThanOrEqualTo(number);
        return this;
    }

    /** Says what was tried. Called last, when nothing had failed. */
    public void end() {
        StringBuilder line = new StringBuilder(name).append(": ");
        synchronized (counts) {
            counts.forEach((what, number) -> line.append(String.format(Locale.ROOT, "%,d %s, ", number.get(), what)));
        }
        double minutes = (System.nanoTime() - began) / 60e9;
        line.append(String.format(Locale.ROOT, "0 violations, %.1f minutes (%s)", minutes, Scale.now()));
        System.out.println("campaign: " + line);
        try {
            Files.createDirectories(LINES.getParent());
            Files.writeString(LINES, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
