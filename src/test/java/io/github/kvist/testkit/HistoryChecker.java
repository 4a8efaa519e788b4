// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import io.github.kvist.api.Isolation;
import io.github.kvist.testkit.Anomaly.Kind;
import io.github.kvist.testkit.Dependencies.Why;
import io.github.kvist.testkit.History.End;
import io.github.kvist.testkit.History.Step;
import io.github.kvist.testkit.History.Step.Append;
import io.github.kvist.testkit.History.Step.Read;
import io.github.kvist.testkit.History.Step.Replace;
import io.github.kvist.testkit.History.Step.Saw;
import io.github.kvist.testkit.History.Transaction;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks for what an isolation level forbids in a {@link History}.
 *
 * <p>Lists and registers tell the order of the writes of a key and which of them each read saw; so the dependencies between transactions are
 * known, not guessed, and a history is not serializable exactly if they, together with the order of time, have a cycle: Adya (1999);
 * Kingsbury and Alvaro, "Elle: Inferring Isolation Anomalies from Experimental Observations" (VLDB 2020). What nobody read of a history is
 * not checked, so it should end by reading everything.
 */
public final class HistoryChecker {

    private final List<Transaction> all;
    private final List<Anomaly> anomalies = new ArrayList<>();
    private final Map<String, KeyHistory> keys = new LinkedHashMap<>();

    /** Those that others may rely on: they were said to be committed, or somebody saw what they wrote. */
    private final Set<Transaction> effective = Collections.newSetFromMap(new IdentityHashMap<>());

    private HistoryChecker(History history) {
        this.all = history.transactions();
    }

    /**
     * What is wrong with it, the plainest first; empty if nothing is. Time and memory grow with the elements that it names and with the
     * number of transactions that were there at the same time; only where something is wrong, with the square of the transactions.
     */
    public static List<Anomaly> check(History history, Isolation level) {
        HistoryChecker checker = new HistoryChecker(history);
        checker.findWriters();
        checker.findLists();
        checker.findEffective();
        checker.keys.values().forEach(key -> {
            key.chain(checker.effective, checker.anomalies);
            key.number();
        });
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

    private KeyHistory key(Step step) {
        return keys.computeIfAbsent(step.key(), KeyHistory::new);
    }

    private void findWriters() {
        for (Transaction transaction : all) {
            for (Step step : transaction.steps()) {
                if (step instanceof Append append) {
                    key(step).wrote(transaction, append.element(), null);
                } else if (step instanceof Replace replace) {
                    key(step).wrote(transaction, replace.element(), replace.over());
                }
            }
        }
    }

    private void findLists() {
        for (Transaction transaction : all) {
            if (transaction.end() == End.COMMITTED) {
                for (Step step : transaction.steps()) {
                    if (step instanceof Read read && !key(step).sawList(transaction, read.list())) {
                        found(
                                Kind.INCOMPATIBLE_ORDER,
                                "%s saw %s as %s, others %s",
                                transaction,
                                read.key(),
                                read.list(),
                                key(step).order());
                    }
                }
            }
        }
    }

    private void findEffective() {
        Deque<Transaction> open = new ArrayDeque<>();
        for (Transaction transaction : all) {
            if (transaction.end() == End.COMMITTED) {
                effective.add(transaction);
                open.add(transaction);
            }
        }
        for (KeyHistory key : keys.values()) {
            key.order().forEach(element -> reliedOn(key.writer(element), open));
        }
        while (!open.isEmpty()) {
            for (Step step : open.remove().steps()) {
                if (step instanceof Saw saw) {
                    reliedOn(key(step).writer(saw.element()), open);
                } else if (step instanceof Replace replace) {
                    reliedOn(key(step).writer(replace.over()), open);
                }
            }
        }
    }

    private void reliedOn(@Nullable Transaction writer, Deque<Transaction> open) {
        if (writer != null && writer.end() == End.UNKNOWN && effective.add(writer)) {
            open.add(writer);
        }
    }

    private void checkReads() {
        for (KeyHistory key : keys.values()) {
            Transaction reader = key.sawLongest();
            if (reader != null) {
                checkElements(reader, key, key.order());
            }
        }
        for (Transaction transaction : all) {
            if (effective.contains(transaction)) {
                transaction.steps().forEach(step -> checkRead(transaction, step));
                checkInternal(transaction);
            }
        }
    }

    private void checkRead(Transaction reader, Step step) {
        KeyHistory key = key(step);
        if (step instanceof Read read) {
            if (!key.isBeginning(read.list())) {
                checkElements(reader, key, read.list());
            }
            checkSeen(reader, key, lastOfOthers(reader, key, read.list()));
        } else if (step instanceof Saw saw) {
            checkElement(reader, key, saw.element());
            checkSeen(reader, key, saw.element());
        } else if (step instanceof Replace replace) {
            checkElement(reader, key, replace.over());
            checkSeen(reader, key, replace.over());
        }
    }

    private void checkElements(Transaction reader, KeyHistory key, List<Integer> list) {
        if (new HashSet<>(list).size() < list.size()) {
            found(Kind.GARBAGE, "%s saw %s as %s", reader, key.key, list);
        }
        list.forEach(element -> checkElement(reader, key, element));
    }

    private void checkElement(Transaction reader, KeyHistory key, int element) {
        if (element == Step.NOTHING) {
            return;
        }
        Transaction writer = key.writer(element);
        if (writer == null) {
            found(Kind.GARBAGE, "%s saw %d in %s, which nobody wrote", reader, element, key.key);
        } else if (writer.end() == End.ABORTED && writer != reader) {
            found(Kind.ABORTED_READ, "%s saw %d in %s, which %s took back", reader, element, key.key, writer);
        }
    }

    private void checkSeen(Transaction reader, KeyHistory key, int element) {
        key.sawUpTo(key.position(element), reader);
        Transaction writer = key.writer(element);
        if (writer != null && writer != reader && element != lastOf(writer, key.key)) {
            found(Kind.INTERMEDIATE_READ, "%s saw %s up to %d of %s", reader, key.key, element, writer);
        }
    }

    private static int lastOf(Transaction writer, String key) {
        int last = Step.NOTHING;
        for (Step step : writer.steps()) {
            if (step instanceof Append append && append.key().equals(key)) {
                last = append.element();
            } else if (step instanceof Replace replace && replace.key().equals(key)) {
                last = replace.element();
            }
        }
        return last;
    }

    /** The version that a read saw: the last element that is not the reader's own. */
    private static int lastOfOthers(Transaction reader, KeyHistory key, List<Integer> list) {
        for (int i = list.size() - 1; i >= 0; i--) {
            if (key.writer(list.get(i)) != reader) {
                return list.get(i);
            }
        }
        return Step.NOTHING;
    }

    /** What it sees of a key is what it saw before, and its own elements behind or instead of that. */
    private void checkInternal(Transaction transaction) {
        Map<String, List<Integer>> known = new HashMap<>();
        Map<String, List<Integer>> own = new HashMap<>();
        Map<String, Integer> registers = new HashMap<>();
        for (Step step : transaction.steps()) {
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
            } else if (step instanceof Saw saw) {
                checkRepeated(transaction, saw.key(), saw.element(), registers.put(saw.key(), saw.element()));
            } else if (step instanceof Replace replace) {
                checkRepeated(
                        transaction, replace.key(), replace.over(), registers.put(replace.key(), replace.element()));
            }
        }
    }

    private void checkRepeated(Transaction transaction, String key, int element, @Nullable Integer before) {
        if (before != null && before != element) {
            found(Kind.INTERNAL, "%s saw %d in %s, and before that %d", transaction, element, key, before);
        }
    }

    private void checkLost() {
        for (Transaction writer : all) {
            if (writer.end() == End.COMMITTED) {
                for (Step step : writer.steps()) {
                    if (step instanceof Append append) {
                        checkLost(writer, key(step), append.element());
                    } else if (step instanceof Replace replace) {
                        checkLost(writer, key(step), replace.element());
                    }
                }
            }
        }
    }

    private void checkLost(Transaction writer, KeyHistory key, int element) {
        if (key.isLost(element, writer)) {
            found(Kind.LOST_UPDATE, "%d in %s, of %s", element, key.key, writer);
        }
    }

    private void checkCycles(Isolation level) {
        Dependencies dependencies = dependencies();
        if (dependencies.isAcyclic()) {
            return;
        }
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
        for (KeyHistory key : keys.values()) {
            List<Integer> order = key.order();
            for (int i = 1; i < order.size(); i++) {
                dependencies.add(key.writer(order.get(i - 1)), key.writer(order.get(i)), Why.WRITE_WRITE, key.key);
            }
        }
        for (Transaction reader : effective) {
            for (Step step : reader.steps()) {
                if (step instanceof Read read) {
                    addRead(dependencies, reader, key(step), lastOfOthers(reader, key(step), read.list()));
                } else if (step instanceof Saw saw) {
                    addRead(dependencies, reader, key(step), saw.element());
                } else if (step instanceof Replace replace) {
                    addRead(dependencies, reader, key(step), replace.over());
                }
            }
        }
        addTimes(dependencies);
        return dependencies;
    }

    private static void addRead(Dependencies dependencies, Transaction reader, KeyHistory key, int element) {
        List<Integer> order = key.order();
        int seen = key.position(element);
        if (seen >= 0) {
            dependencies.add(key.writer(element), reader, Why.WRITE_READ, key.key);
        }
        int next = seen + 1;
        // Its own elements are not another's writes.
        while (next < order.size() && key.writer(order.get(next)) == reader) {
            next++;
        }
        if (next < order.size()) {
            dependencies.add(reader, key.writer(order.get(next)), Why.READ_WRITE, key.key);
        }
    }

    /** Of all that ended before one began, only those need an edge that no other of them began behind. */
    private void addTimes(Dependencies dependencies) {
        List<Transaction> begun = new ArrayList<>(effective);
        begun.sort(Comparator.comparingLong(Transaction::began));
        List<Transaction> ended = new ArrayList<>(effective);
        // Nobody knows when those took effect that ended without an answer.
        ended.removeIf(each -> each.end() != End.COMMITTED);
        ended.sort(Comparator.comparingLong(Transaction::ended));
        List<Transaction> newest = new ArrayList<>();
        int next = 0;
        for (Transaction later : begun) {
            for (; next < ended.size() && ended.get(next).ended() < later.began(); next++) {
                Transaction each = ended.get(next);
                newest.removeIf(before -> before.ended() < each.began());
                newest.add(each);
            }
            newest.forEach(each -> dependencies.add(each, later, Why.TIME, ""));
        }
    }
}
