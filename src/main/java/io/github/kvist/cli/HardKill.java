// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import static io.github.kvist.cli.DemoTables.CLASSES;
import static io.github.kvist.cli.DemoTables.KILLED;

import io.github.kvist.api.Cursor;
import io.github.kvist.api.Finding;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Pair;
import io.github.kvist.api.RecoveryReport;
import io.github.kvist.api.VerifyReport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The demo's third step: a child process loads into the store and is killed in the middle; whatever it had been told is
 * there when the store is opened again, and nothing is there by halves.
 */
final class HardKill {
    private static final int ACKNOWLEDGED_BEFORE_THE_KILL = 500;

    private final Screen screen;
    private final Timings timings;
    private final StoreArgument address;

    HardKill(Screen screen, Timings timings, StoreArgument address) {
        this.screen = screen;
        this.timings = timings;
        this.address = address;
    }

    /** The store must be closed: a directory belongs to one process at a time. */
    void run() {
        screen.paragraph(
                "",
                "A second process opens the store. " + DoomedLoad.THREADS
                        + " threads load the classes into another table, " + DoomedLoad.CLASSES_PER_TRANSACTION
                        + " to a durable transaction. It is killed on the way.");
        Set<Integer> acknowledged = killInTheMiddleOfALoad(ChildJvm.start(DoomedLoad.class, address.text()));

        long start = System.nanoTime();
        try (KvStore store = address.open()) {
            timings.add("store opened after the kill, log replayed", System.nanoTime() - start);
            tell(store.admin().recovery());
            judge(store, acknowledged);
        }
    }

    /** The numbers of the transactions that the child had been told were durable. */
    private Set<Integer> killInTheMiddleOfALoad(Process child) {
        Set<Integer> acknowledged = new HashSet<>();
        List<String> otherLines = new ArrayList<>();
        long start = System.nanoTime();
        long killed = 0;
        try (BufferedReader output = child.inputReader()) {
            // To the end: what it said between the order to kill and its death counts too.
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (!line.startsWith(DoomedLoad.ACKNOWLEDGED)) {
                    otherLines.add(line);
                    continue;
                }
                acknowledged.add(Integer.valueOf(line.substring(DoomedLoad.ACKNOWLEDGED.length())));
                if (acknowledged.size() == 1) {
                    start = System.nanoTime();
                }
                if (acknowledged.size() == ACKNOWLEDGED_BEFORE_THE_KILL) {
                    killed = System.nanoTime();
                    child.toHandle().destroyForcibly(); // of the process itself it would also close what we read
                }
            }
            child.waitFor();
        } catch (IOException broken) {
            throw new UncheckedIOException("What the child process says cannot be read.", broken);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(CommandFailure.FAILED, "Interrupted while a child process ended.", interrupted);
        } finally {
            child.destroyForcibly();
        }
        if (killed == 0) {
            throw new CommandFailure(
                    CommandFailure.FAILED,
                    "The child process ended by itself (exit code " + child.exitValue() + ") after "
                            + acknowledged.size() + " transactions. It said: "
                            + String.join(System.lineSeparator(), otherLines),
                    null);
        }
        timings.add(
                "durable transactions of " + DoomedLoad.THREADS + " threads, before the kill",
                ACKNOWLEDGED_BEFORE_THE_KILL,
                killed - start);
        screen.paragraph(
                "",
                "Process " + child.pid()
                        + " is dead, without a chance to close or flush anything. It had been told that "
                        + Figures.number(acknowledged.size()) + " transactions were durable.");
        return acknowledged;
    }

    private void tell(RecoveryReport report) {
        screen.paragraph(
                "",
                "Opened again. Recovery found " + (report.clean() ? "a store properly closed" : "a store never closed")
                        + ", replayed " + Figures.counted(report.framesReplayed(), "frame", "frames")
                        + " of the log and cut "
                        + Figures.counted(report.bytesCut(), "byte", "bytes") + " of an unfinished end.");
        for (Finding finding : report.findings()) {
            screen.paragraph("    ", finding.toString());
        }
        screen.line("");
    }

    private void judge(KvStore store, Set<Integer> acknowledged) {
        Map<Integer, Integer> recovered = classesByTransaction(store);
        long lost = acknowledged.stream()
                .filter(transaction -> !recovered.containsKey(transaction))
                .count();
        long halves = recovered.values().stream()
                .filter(classes -> classes != DoomedLoad.CLASSES_PER_TRANSACTION)
                .count();
        long start = System.nanoTime();
        VerifyReport verified = store.admin().verify();
        timings.add("store verified: every checksum, page and index entry", System.nanoTime() - start);

        row("transactions acknowledged", acknowledged.size());
        row("transactions recovered", recovered.size());
        row("acknowledged, not recovered", lost);
        row("recovered by halves", halves);
        row("classes of the first table", store.in(CLASSES).count());
        row("findings of a full check", verified.findings().size());
        verified.findings().forEach(finding -> screen.paragraph("    ", finding.toString()));
        screen.line("");
        if (lost > 0 || halves > 0 || !verified.clean()) {
            throw new CommandFailure(
                    CommandFailure.FAILED,
                    "The store broke its promise: what was acknowledged must be there, and whole. Please report it, with "
                            + "the directory " + address + ".",
                    null);
        }
        screen.line("Nothing that was acknowledged is lost, and nothing is there by halves.");
        if (recovered.size() > acknowledged.size()) {
            screen.line("What was recovered beyond it was durable, and its thread not yet told.");
        }
    }

    private void row(String what, long count) {
        screen.line("  %-30s %8s".formatted(what, Figures.number(count)));
    }

    private static Map<Integer, Integer> classesByTransaction(KvStore store) {
        Map<Integer, Integer> classes = new HashMap<>();
        try (Cursor<Pair<Integer, String>, JdkClass> cursor =
                store.in(KILLED).scan().cursor()) {
            while (cursor.advance()) {
                classes.merge(cursor.key().first(), 1, Integer::sum);
            }
        }
        return classes;
    }
}
