// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.migrate;

import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Savepoint;
import io.github.kvist.api.Table;
import io.github.kvist.api.TableWriter;
import io.github.kvist.api.WriteTransaction;
import java.util.function.Function;
import java.util.function.LongConsumer;

/** A transaction of the store that was current when it began; it can be committed as long as that is. */
final class SwitchingTransaction implements WriteTransaction {

    private final Gate gate;
    private final Gate.Epoch epoch;
    private final WriteTransaction transaction;

    SwitchingTransaction(Gate gate, Function<? super KvStore, ? extends WriteTransaction> begin) {
        this.gate = gate;
        gate.enter();
        try {
            this.epoch = gate.epoch();
            this.transaction = begin.apply(epoch.store());
        } finally {
            gate.leave();
        }
    }

    @Override
    public long revision() {
        return transaction.revision();
    }

    @Override
    public <K, V> TableWriter<K, V> in(Table<K, V> table) {
        return transaction.in(table);
    }

    @Override
    public Savepoint savepoint() {
        return transaction.savepoint();
    }

    @Override
    public void rollbackTo(Savepoint savepoint) {
        transaction.rollbackTo(savepoint);
    }

    @Override
    public void onCommit(LongConsumer action) {
        transaction.onCommit(action);
    }

    @Override
    public long commit() {
        gate.enter();
        try {
            if (epoch.hasEnded()) {
                transaction.close();
                throw new KvException.Conflict(
                        "The data moved to another store after this transaction began; nothing was "
                                + "written. Run the transaction again.");
            }
            return transaction.commit();
        } finally {
            gate.leave();
        }
    }

    @Override
    public void close() {
        transaction.close();
    }
}
