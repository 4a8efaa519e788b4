// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import io.github.kvist.testkit.Anomaly.Kind;
import io.github.kvist.testkit.History.End;
import io.github.kvist.testkit.History.Step;
import io.github.kvist.testkit.History.Transaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link History} tells of one key: who wrote which element, and in which order they followed each other. Of a list the longest one
 * that was seen tells it; of a register, what each element replaced. Confined to one thread.
 */
final class KeyHistory {

    private record Written(Transaction by, @Nullable Integer over) {}

    final String key;
    private final Map<Integer, Written> written = new HashMap<>();
    private List<Integer> order = new ArrayList<>();
    private final Map<Integer, Integer> positions = new HashMap<>();
    private @Nullable Transaction sawLongest;
    private int seen = -1;
    private long lastReadBegan = Long.MIN_VALUE;

    KeyHistory(String key) {
        this.key = key;
    }

    void wrote(Transaction writer, int element, @Nullable Integer over) {
        if (written.put(element, new Written(writer, over)) != null) {
            throw new IllegalArgumentException("The history writes " + element + " twice to " + key + ".");
        }
    }

    @Nullable
    Transaction writer(int element) {
        Written found = written.get(element);
        return found == null ? null : found.by();
    }

    /** The longest list that was seen is the order, and all others are beginnings of it: is this one of them? */
    boolean sawList(Transaction reader, List<Integer> list) {
        boolean isLonger = list.size() > order.size();
        List<Integer> longer = isLonger ? list : order;
        List<Integer> shorter = isLonger ? order : list;
        boolean fits = longer.subList(0, shorter.size()).equals(shorter);
        if (isLonger) {
            order = list;
            sawLongest = reader;
        }
        return fits;
    }

    /** Whether {@code list} is a beginning of the order. */
    boolean isBeginning(List<Integer> list) {
        return list.size() <= order.size() && order.subList(0, list.size()).equals(list);
    }

    /** Who saw the longest list; {@code null} if it is no list, or an empty one. */
    @Nullable
    Transaction sawLongest() {
        return sawLongest;
    }

    /** Puts the elements of a register one behind the other; those of transactions that did not take effect are left out. */
    void chain(Set<Transaction> effective, List<Anomaly> anomalies) {
        Map<Integer, Integer> next = new HashMap<>();
        written.forEach((element, how) -> {
            if (how.over() != null && effective.contains(how.by())) {
                Integer other = next.put(how.over(), element);
                if (other != null) {
                    anomalies.add(new Anomaly(
                            Kind.LOST_UPDATE,
                            "%d of %s and %d of %s both replaced %d in %s"
                                    .formatted(element, how.by(), other, writer(other), how.over(), key)));
                }
            }
        });
        if (!next.isEmpty()) {
            Set<Integer> reached = new HashSet<>();
            for (Integer at = next.get(Step.NOTHING); at != null && reached.add(at); at = next.get(at)) {
                order.add(at);
            }
        }
    }

    /** The order is known: from now on positions in it can be asked for. */
    void number() {
        for (int i = 0; i < order.size(); i++) {
            positions.put(order.get(i), i);
        }
    }

    List<Integer> order() {
        return order;
    }

    /** Where in the order an element stands; -1 if nowhere. */
    int position(int element) {
        return positions.getOrDefault(element, -1);
    }

    /** Notes that somebody saw what stands at {@code position}. */
    void sawUpTo(int position, Transaction reader) {
        seen = Math.max(seen, position);
        if (reader.end() == End.COMMITTED) {
            lastReadBegan = Math.max(lastReadBegan, reader.began());
        }
    }

    /** Nobody ever saw {@code element}, though somebody looked after its writer had been told that it was committed. */
    boolean isLost(int element, Transaction writer) {
        int position = position(element);
        return (position < 0 || position > seen) && lastReadBegan > writer.ended();
    }
}
