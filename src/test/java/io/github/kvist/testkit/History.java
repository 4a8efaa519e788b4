// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import java.util.ArrayList;
import java.util.List;

/**
 * What concurrent transactions did to lists that are only ever appended to, and to registers that are never written without having been
 * read, as each of them saw it. No element is written twice to one key, so that each tells who wrote it; a list tells the order of all that
 * went into it, a register which element each one replaced. Safe for any number of threads.
 */
public final class History {

    /** How a transaction ended, as far as its caller was told. */
    public enum End {
        COMMITTED,
        ABORTED,
        /** It counts as committed if anybody saw what it wrote. */
        UNKNOWN
    }

    /** What a transaction did. */
    public sealed interface Step {
        String key();

        /** It saw the whole list; an empty one if there was none. */
        record Read(String key, List<Integer> list) implements Step {
            public Read {
                list = List.copyOf(list);
            }
        }

        /** It put one more element behind the list. */
        record Append(String key, int element) implements Step {}

        /** It saw what a register holds; {@link #NOTHING} if it was never written. */
        record Saw(String key, int element) implements Step {}

        /** It saw {@code over} in a register, and put another element in its place. */
        record Replace(String key, int element, int over) implements Step {}

        /** What a register holds before it is written for the first time. */
        int NOTHING = Integer.MIN_VALUE;
    }

    /**
     * One transaction.
     *
     * @param began before it looked at anything, by a clock that all share
     * @param ended after its caller was told how
     */
    public record Transaction(String name, long began, long ended, End end, List<Step> steps) {
        public Transaction {
            steps = List.copyOf(steps);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    // Guarded by itself.
    private final List<Transaction> transactions = new ArrayList<>();

    /** Notes a transaction that has ended. */
    public void add(Transaction transaction) {
        synchronized (transactions) {
            transactions.add(transaction);
        }
    }

    /** All of them, in the order in which they were noted. */
    public List<Transaction> transactions() {
        synchronized (transactions) {
            return List.copyOf(transactions);
        }
    }
}
