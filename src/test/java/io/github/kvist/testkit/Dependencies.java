// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import io.github.kvist.testkit.History.Transaction;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The graph of which transaction must have come before which, and why. */
final class Dependencies {

    /** Why one comes before another. */
    enum Why {
        /** The other wrote behind it. */
        WRITE_WRITE,
        /** The other read what it wrote. */
        WRITE_READ,
        /** The other overwrote what it read. */
        READ_WRITE,
        /** It ended before the other began. */
        TIME
    }

    private record Edge(Node from, Node to, Why why, String key) {
        @Override
        public String toString() {
            return from.transaction + " -" + why + (key.isEmpty() ? "" : " of " + key) + "-> " + to.transaction;
        }
    }

    /** A transaction has two places on a walk: come to by an edge that must not be followed by one of its kind, or by another. */
    private static final class Node {
        private final Transaction transaction;
        private final List<Edge> edges = new ArrayList<>();
        private final int number;

        Node(Transaction transaction, int number) {
            this.transaction = transaction;
            this.number = number;
        }

        int place(boolean isSingle) {
            return 2 * number + (isSingle ? 1 : 0);
        }
    }

    private final Map<Transaction, Node> numbers = new IdentityHashMap<>();
    private final List<Node> nodes = new ArrayList<>();

    /** What nobody wrote comes before nothing. */
    void add(@Nullable Transaction from, @Nullable Transaction to, Why why, String key) {
        if (from != to && from != null && to != null) {
            Node first = node(from);
            first.edges.add(new Edge(first, node(to), why, key));
        }
    }

    private Node node(Transaction transaction) {
        return numbers.computeIfAbsent(transaction, unseen -> {
            Node node = new Node(unseen, nodes.size());
            nodes.add(node);
            return node;
        });
    }

    /** Whether there is no cycle of any kind: the usual case, told in linear time. */
    boolean isAcyclic() {
        return onCycles(EnumSet.allOf(Why.class), EnumSet.noneOf(Why.class)).isEmpty();
    }

    /** A shortest cycle of such edges, as text; {@code null} if there is none. */
    @Nullable
    String cycle(Set<Why> allowed) {
        return cycle(allowed, EnumSet.noneOf(Why.class));
    }

    /**
     * A shortest cycle in which no edge of {@code single} follows another of them. Without two successive {@link Why#READ_WRITE}: what
     * snapshot isolation excludes, after Cerone and Gotsman, "Analysing Snapshot Isolation" (JACM 2018).
     */
    @Nullable
    String cycle(Set<Why> allowed, Set<Why> single) {
        List<Edge> shortest = null;
        for (Node start : onCycles(allowed, single)) {
            List<Edge> cycle = cycleFrom(start, allowed, single);
            if (cycle != null && (shortest == null || cycle.size() < shortest.size())) {
                shortest = cycle;
            }
        }
        return shortest == null ? null : shortest.stream().map(Edge::toString).collect(Collectors.joining("; "));
    }

    private static boolean mayFollow(Edge edge, boolean afterSingle, Set<Why> allowed, Set<Why> single) {
        return allowed.contains(edge.why) && !(afterSingle && single.contains(edge.why));
    }

    /** Takes away, again and again, what nothing leads to: what is left lies on a cycle or behind one. */
    private List<Node> onCycles(Set<Why> allowed, Set<Why> single) {
        int[] incoming = new int[2 * nodes.size()];
        for (Node node : nodes) {
            for (boolean afterSingle : new boolean[] {false, true}) {
                for (Edge edge : node.edges) {
                    if (mayFollow(edge, afterSingle, allowed, single)) {
                        incoming[edge.to.place(single.contains(edge.why))]++;
                    }
                }
            }
        }
        Deque<Integer> free = new ArrayDeque<>();
        for (int place = 0; place < incoming.length; place++) {
            if (incoming[place] == 0) {
                free.add(place);
            }
        }
        while (!free.isEmpty()) {
            int place = free.remove();
            for (Edge edge : nodes.get(place / 2).edges) {
                if (mayFollow(edge, place % 2 == 1, allowed, single)) {
                    int next = edge.to.place(single.contains(edge.why));
                    if (--incoming[next] == 0) {
                        free.add(next);
                    }
                }
            }
        }
        return nodes.stream()
                .filter(node -> incoming[node.place(false)] > 0 || incoming[node.place(true)] > 0)
                .toList();
    }

    private @Nullable List<Edge> cycleFrom(Node start, Set<Why> allowed, Set<Why> single) {
        Edge[] cameBy = new Edge[2 * nodes.size()];
        int[] cameFrom = new int[2 * nodes.size()];
        Deque<Integer> ahead = new ArrayDeque<>();
        // As if behind a single one, so that the end of the cycle may be one.
        int first = start.place(true);
        ahead.add(first);
        while (!ahead.isEmpty()) {
            int place = ahead.remove();
            for (Edge edge : nodes.get(place / 2).edges) {
                if (!mayFollow(edge, place % 2 == 1, allowed, single)) {
                    continue;
                }
                if (edge.to == start) {
                    return path(first, place, edge, cameBy, cameFrom);
                }
                int next = edge.to.place(single.contains(edge.why));
                if (cameBy[next] == null) {
                    cameBy[next] = edge;
                    cameFrom[next] = place;
                    ahead.add(next);
                }
            }
        }
        return null;
    }

    private static List<Edge> path(int first, int last, Edge closing, Edge[] cameBy, int[] cameFrom) {
        Deque<Edge> path = new ArrayDeque<>(List.of(closing));
        for (int place = last; place != first; place = cameFrom[place]) {
            path.addFirst(cameBy[place]);
        }
        return List.copyOf(path);
    }
}
