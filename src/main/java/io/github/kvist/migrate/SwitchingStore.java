// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.migrate;

import io.github.kvist.api.Admin;
import io.github.kvist.api.Capabilities;
import io.github.kvist.api.Change;
import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Outcome;
import io.github.kvist.api.ReadTransaction;
import io.github.kvist.api.Snapshot;
import io.github.kvist.api.Table;
import io.github.kvist.api.TableWriter;
import io.github.kvist.api.TransactionOptions;
import io.github.kvist.api.Watch;
import io.github.kvist.api.WatchOptions;
import io.github.kvist.api.WriteTransaction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the application holds: every call goes to the one store or the other, and writes wait while that changes. */
final class SwitchingStore implements KvStore {

    private final Gate gate;
    private final KvStore source;
    private final KvStore target;
    private final Runnable closing;

    /** Over both stores, which it closes after {@code closing} was run. */
    SwitchingStore(Gate gate, KvStore source, KvStore target, Runnable closing) {
        this.gate = gate;
        this.source = source;
        this.target = target;
        this.closing = closing;
    }

    private <R extends @Nullable Object> R writing(Supplier<? extends R> work) {
        gate.enter();
        try {
            return work.get();
        } finally {
            gate.leave();
        }
    }

    @Override
    public <R extends @Nullable Object> R read(Function<? super ReadTransaction, ? extends R> work) {
        return gate.current().<R>read(work);
    }

    @Override
    public <R extends @Nullable Object> R write(Function<? super WriteTransaction, ? extends R> work) {
        return this.<R>writing(() -> gate.current().<R>write(work));
    }

    @Override
    public <R extends @Nullable Object> R write(
            TransactionOptions options, Function<? super WriteTransaction, ? extends R> work) {
        return this.<R>writing(() -> gate.current().<R>write(options, work));
    }

    @Override
    public void update(Consumer<? super WriteTransaction> work) {
        gate.enter();
        try {
            gate.current().update(work);
        } finally {
            gate.leave();
        }
    }

    @Override
    public WriteTransaction begin() {
        return new SwitchingTransaction(gate, KvStore::begin);
    }

    @Override
    public WriteTransaction begin(TransactionOptions options) {
        return new SwitchingTransaction(gate, store -> store.begin(options));
    }

    @Override
    public <K, V> TableWriter<K, V> in(Table<K, V> table) {
        gate.current().in(table); // refuses what the store refuses
        return new SwitchingTable<>(gate, table);
    }

    @Override
    public Snapshot snapshot() {
        return gate.current().snapshot();
    }

    @Override
    public Stream<Change<?, ?>> diff(Snapshot from, Snapshot to) {
        return gate.current().diff(from, to);
    }

    /** Asks both: the transaction may have been the source's. */
    @Override
    public Outcome outcome(String transactionId) {
        KvStore current = gate.current();
        Outcome first = current.outcome(transactionId);
        if (first == Outcome.COMMITTED) {
            return first;
        }
        Outcome second;
        try {
            second = (current == source ? target : source).outcome(transactionId);
        } catch (KvException.Closed | KvException.Unavailable cannotTell) {
            return Outcome.UNKNOWN;
        }
        return second == first || second == Outcome.COMMITTED ? second : Outcome.UNKNOWN;
    }

    @Override
    public void merge(KvStore fork) {
        gate.enter();
        try {
            gate.current().merge(fork);
        } finally {
            gate.leave();
        }
    }

    @Override
    public Snapshot snapshotAt(long revision) {
        return gate.current().snapshotAt(revision);
    }

    @Override
    public Watch watch(WatchOptions options) {
        return new SwitchingWatch(gate, options);
    }

    @Override
    public long revision() {
        return gate.current().revision();
    }

    @Override
    public Capabilities capabilities() {
        return gate.current().capabilities();
    }

    @Override
    public Admin admin() {
        return gate.current().admin();
    }

    @Override
    public void close() {
        closing.run();
        try {
            source.close();
        } finally {
            target.close();
        }
    }

    @Override
    public String toString() {
        return gate.current() + ", as long as it is the current one";
    }
}
