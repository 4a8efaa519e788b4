// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import io.github.kvist.api.Isolation;
import io.github.kvist.testkit.Anomaly.Kind;
import io.github.kvist.testkit.Dependencies.Why;
import io.github.kvist.testkit.History.End;
import io.github.kvist.testkit.History.Step.Append;
import io.github.kvist.testkit.History.Step.Read;
import io.github.kvist.testkit.History.Transaction;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Looks for what an isolation level forbids in a {@link History}.
 *
 * <p>Lists tell the order of the writes of a key and which of them each read saw; so the dependencies between transactions are known, not
 * guessed, and a history is not serializable exactly if they, together with the order of time, have a cycle: Adya (1999);
 * Kingsbury and Alvaro, "Elle: Inferring Isolation Anomalies from Experimental Observations" (VLDB 2020). What nobody read of a history is
 * not checked, so it should end by reading everything.
 */
public final class HistoryChecker {

    private record Written(String key, int element) {}

    private final List<Transaction> all;
    private final List<Anomaly> anomalies = new ArrayList<>();
    private final Map<Written, Transaction> writers = new HashMap<>();
    private final Map<String, List<Integer>> orders = new TreeMap<>();

    private HistoryChecker(History history) {
        this.all = history.transactions();
    }

    /** What is wrong with it, the plainest first; empty if nothing is. Memory and time grow with the square of the history. */
    public static List<Anomaly> check(History history, Isolation level) {
        HistoryChecker checker = new HistoryChecker(history);
        checker.findWriters();
        checker.findOrders();
        checker.checkReads();
        checker.checkLost();
        if (checker.anomalies.isEmpty()) {
            checker.checkCycles(level);
        }
        return List.copyOf(checker.anomalies);
    }

    private void found(Kind kind, String details, Object... of) {
        anomalies.add(new Anomaly(kind, details.formatted(of)));
    }

    private void findWriters() {
        for (Transaction transaction : all) {
            for (Append append : of(transaction, Append.class)) {
                Written written = new Written(append.key(), append.element());
                if (writers.put(written, transaction) != null) {
                    throw new IllegalArgumentException("The history appends " + written + " twice.");
                }
            }
        }
    }

    private static <S> List<S> of(Transaction transaction, Class<S> steps) {
        return transaction.steps().stream()
                .filter(steps::isInstance)
                .map(steps::cast)
                .toList();
    }

    /** Whether others may rely on it: it was said to be committed, or somebody saw what it wrote. */
    private boolean isEffective(Transaction transaction) {
        return transaction.end() == End.COMMITTED
                || (transaction.end() == End.UNKNOWN
                        && of(transaction, Append.class).stream()
                                .anyMatch(append -> order(append.key()).contains(append.element())));
    }

    private List<Integer> order(String key) {
        return orders.getOrDefault(key, List.of());
    }

    /** The longest list that was seen of each key is its order, and all others are beginnings of it. */
    private void findOrders() {
        for (Transaction transaction : all) {
            if (transaction.end() == End.COMMITTED) {
                for (Read read : of(transaction, Read.class)) {
                    List<Integer> longest = order(read.key());
                    List<Integer> longer = read.list().size() > longest.size() ? read.list() : longest;
                    List<Integer> shorter = longer == longest ? read.list() : longest;
                    if (!longer.subList(0, shorter.size()).equals(shorter)) {
                        found(
                                Kind.INCOMPATIBLE_ORDER,
                                "%s saw %s as %s, others %s",
                                transaction,
                                read.key(),
                                read.list(),
                                longest);
                    }
                    orders.put(read.key(), longer);
                }
            }
        }
    }

    private void checkReads() {
        for (Transaction transaction : all) {
            if (transaction.end() != End.COMMITTED) {
                continue;
            }
            checkInternal(transaction);
            for (Read read : of(transaction, Read.class)) {
                if (new HashSet<>(read.list()).size() < read.list().size()) {
                    found(Kind.GARBAGE, "%s saw %s as %s", transaction, read.key(), read.list());
                }
                for (int element : read.list()) {
                    checkElement(transaction, read, element);
                }
                checkIntermediate(transaction, read);
            }
        }
    }

    private void checkElement(Transaction reader, Read read, int element) {
        Transaction writer = writers.get(new Written(read.key(), element));
        if (writer == null) {
            found(Kind.GARBAGE, "%s saw %d in %s, which nobody wrote", reader, element, read.key());
        } else if (writer.end() == End.ABORTED) {
            found(Kind.ABORTED_READ, "%s saw %d in %s, which %s took back", reader, element, read.key(), writer);
        }
    }

    private void checkIntermediate(Transaction reader, Read read) {
        lastOfOthers(reader, read).ifPresent(element -> {
            Transaction writer = writers.get(new Written(read.key(), element));
            if (writer != null && element != lastOf(writer, read.key())) {
                found(Kind.INTERMEDIATE_READ, "%s saw %s up to %d of %s", reader, read.key(), element, writer);
            }
        });
    }

    private static int lastOf(Transaction writer, String key) {
        return of(writer, Append.class).stream()
                .filter(append -> append.key().equals(key))
                .reduce((earlier, later) -> later)
                .orElseThrow()
                .element();
    }

    /** The version that a read saw: the last element that is not the reader's own. */
    private Optional<Integer> lastOfOthers(Transaction reader, Read read) {
        for (int i = read.list().size() - 1; i >= 0; i--) {
            int element = read.list().get(i);
            if (writers.get(new Written(read.key(), element)) != reader) {
                return Optional.of(element);
            }
        }
        return Optional.empty();
    }

    /** What it sees of a key is what it saw before, and its own elements behind that. */
    private void checkInternal(Transaction transaction) {
        Map<String, List<Integer>> known = new HashMap<>();
        Map<String, List<Integer>> own = new HashMap<>();
        for (History.Step step : transaction.steps()) {
            List<Integer> expected = known.get(step.key());
            if (step instanceof Append append) {
                own.computeIfAbsent(step.key(), key -> new ArrayList<>()).add(append.element());
                if (expected != null) {
                    expected.add(append.element());
                }
            } else if (step instanceof Read read) {
                List<Integer> mine = own.getOrDefault(step.key(), List.of());
                int size = read.list().size();
                boolean isRight = expected == null
                        ? size >= mine.size()
                                && read.list().subList(size - mine.size(), size).equals(mine)
                        : read.list().equals(expected);
                if (!isRight) {
                    found(Kind.INTERNAL, "%s saw %s as %s", transaction, step.key(), read.list());
                }
                known.put(step.key(), new ArrayList<>(read.list()));
            }
        }
    }

    private void checkLost() {
        for (Transaction writer : all) {
            if (writer.end() == End.COMMITTED) {
                for (Append append : of(writer, Append.class)) {
                    if (!order(append.key()).contains(append.element()) && isReadAfter(writer, append.key())) {
                        found(Kind.LOST_UPDATE, "%d in %s, of %s", append.element(), append.key(), writer);
                    }
                }
            }
        }
    }

    private boolean isReadAfter(Transaction writer, String key) {
        return all.stream()
                .filter(reader -> reader.end() == End.COMMITTED && reader.began() > writer.ended())
                .flatMap(reader -> of(reader, Read.class).stream())
                .anyMatch(read -> read.key().equals(key));
    }

    private void checkCycles(Isolation level) {
        Dependencies dependencies = dependencies();
        Set<Why> writes = EnumSet.of(Why.WRITE_WRITE);
        Set<Why> flow = EnumSet.of(Why.WRITE_WRITE, Why.WRITE_READ);
        Set<Why> times = EnumSet.of(Why.WRITE_WRITE, Why.WRITE_READ, Why.TIME);
        Set<Why> data = EnumSet.of(Why.WRITE_WRITE, Why.WRITE_READ, Why.READ_WRITE);
        Set<Why> reads = EnumSet.of(Why.READ_WRITE);
        cycle(Kind.DIRTY_WRITE, dependencies.cycle(writes));
        cycle(Kind.CIRCULAR_INFORMATION_FLOW, dependencies.cycle(flow));
        cycle(Kind.STALE_READ, dependencies.cycle(times));
        cycle(Kind.READ_SKEW, dependencies.cycle(data, reads));
        cycle(Kind.STALE_READ, dependencies.cycle(EnumSet.allOf(Why.class), reads));
        if (level == Isolation.SERIALIZABLE) {
            cycle(Kind.WRITE_SKEW, dependencies.cycle(EnumSet.allOf(Why.class)));
        }
    }

    /** Only the plainest: every kind of cycle is one of the kinds after it too. */
    private void cycle(Kind kind, @Nullable String cycle) {
        if (cycle != null && anomalies.isEmpty()) {
            found(kind, "%s", cycle);
        }
    }

    private Dependencies dependencies() {
        Dependencies dependencies = new Dependencies();
        List<Transaction> effective = all.stream().filter(this::isEffective).toList();
        orders.forEach((key, order) -> {
            for (int i = 1; i < order.size(); i++) {
                dependencies.add(writer(key, order.get(i - 1)), writer(key, order.get(i)), Why.WRITE_WRITE, key);
            }
        });
        for (Transaction reader : effective) {
            for (Read read : of(reader, Read.class)) {
                addReads(dependencies, reader, read);
            }
        }
        addTimes(dependencies, effective);
        return dependencies;
    }

    private Transaction writer(String key, int element) {
        return writers.get(new Written(key, element));
    }

    private void addReads(Dependencies dependencies, Transaction reader, Read read) {
        List<Integer> order = order(read.key());
        int seen = lastOfOthers(reader, read).map(order::indexOf).orElse(-1);
        if (seen >= 0) {
            dependencies.add(writer(read.key(), order.get(seen)), reader, Why.WRITE_READ, read.key());
        }
        int next = seen + 1;
        // Its own elements are not another's writes.
        while (next < order.size() && writer(read.key(), order.get(next)) == reader) {
            next++;
        }
        if (next < order.size()) {
            dependencies.add(reader, writer(read.key(), order.get(next)), Why.READ_WRITE, read.key());
        }
    }

    /** Of all that ended before one began, only those need an edge that no other of them began behind. */
    private static void addTimes(Dependencies dependencies, List<Transaction> effective) {
        for (Transaction later : effective) {
            if (later.end() == End.UNKNOWN) {
                continue;
            }
            List<Transaction> earlier = effective.stream()
                    .filter(each -> each.end() == End.COMMITTED && each.ended() < later.began())
                    .toList();
            long newest = earlier.stream().mapToLong(Transaction::began).max().orElse(0);
            earlier.stream()
                    .filter(each -> each.ended() >= newest)
                    .forEach(each -> dependencies.add(each, later, Why.TIME, ""));
        }
    }
}
