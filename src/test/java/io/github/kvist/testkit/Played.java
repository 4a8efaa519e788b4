// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Table;
import io.github.kvist.api.TableWriter;
import io.github.kvist.api.TransactionOptions;
import io.github.kvist.api.WriteTransaction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One of several transactions that are played step by step on one thread. A store may end it by a conflict at any step; what
 * it would see after that is nobody's concern.
 */
final class Played implements AutoCloseable {

    private final Table<String, String> table;
    private final WriteTransaction transaction;
    private boolean isOver;

    Played(KvStore store, Table<String, String> table, TransactionOptions options) {
        this.table = table;
        this.transaction = store.begin(options);
    }

    void put(String key, String value) {
        step(words -> words.put(key, value));
    }

    void delete(String key) {
        step(words -> words.delete(key));
    }

    /** Asserts what it sees, unless it is over. */
    <R> void sees(Function<TableWriter<String, String>, R> what, R expected) {
        step(words -> assertThat(what.apply(words)).isEqualTo(expected));
    }

    void sees(String key, @Nullable String expected) {
        step(words -> assertThat(words.getOrNull(key)).isEqualTo(expected));
    }

    private void step(Consumer<TableWriter<String, String>> step) {
        if (isOver) {
            return;
        }
        try {
            step.accept(transaction.in(table));
        } catch (KvException.Conflict conflict) {
            rollBack();
        }
    }

    void rollBack() {
        isOver = true;
        transaction.close();
    }

    /** Whether it is committed now, and not ended by a conflict. */
    boolean commits() {
        if (isOver) {
            return false;
        }
        isOver = true;
        try {
            transaction.commit();
            return true;
        } catch (KvException.Conflict conflict) {
            return false;
        }
    }

    @Override
    public void close() {
        transaction.close();
    }
}
