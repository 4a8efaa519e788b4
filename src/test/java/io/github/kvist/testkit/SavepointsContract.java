// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.github.kvist.api.Capability;
import io.github.kvist.api.Entry;
import io.github.kvist.api.Index;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.KvException;
import io.github.kvist.api.Savepoint;
import io.github.kvist.api.Table;
import io.github.kvist.api.WriteTransaction;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Going back inside a transaction. */
@Needs(Capability.SAVEPOINTS)
abstract class SavepointsContract extends StoreContract {

    @Test
    void rollbackUndoesRecordsAndTheirIndexEntries() {
        put(Person.of("ann", "Oslo", "x"));
        store.update(tx -> {
            tx.in(WORDS).put("a", "1");
            Savepoint savepoint = tx.savepoint();
            tx.in(WORDS).put("a", "2");
            tx.in(WORDS).put("b", "2");
            tx.in(PEOPLE).put("ann", Person.of("ann", "Bergen", "y"));
            tx.in(PEOPLE).put("bob", Person.of("bob", "Bergen"));

            tx.rollbackTo(savepoint);

            assertThat(tx.in(WORDS).scan().values()).containsExactly("1");
            assertThat(tx.in(PEOPLE).by(BY_CITY).scan(KeyRange.all()).keys()).containsExactly("ann");
        });

        assertThat(store.in(PEOPLE).by(BY_CITY).count("Oslo")).isEqualTo(1);
        assertThat(store.in(PEOPLE).by(BY_TAG).count("y")).isZero();
        assertThat(store.admin().verify().findings()).isEmpty();
    }

    @Test
    void savepointStaysUsableAndLaterOnesEnd() {
        try (WriteTransaction tx = store.begin()) {
            Savepoint first = tx.savepoint();
            tx.in(WORDS).put("a", "1");
            Savepoint second = tx.savepoint();
            tx.rollbackTo(first);
            assertThatThrownBy(() -> tx.rollbackTo(second)).isInstanceOf(IllegalArgumentException.class);
            tx.in(WORDS).put("a", "2");
            tx.rollbackTo(first);
            assertThat(tx.in(WORDS).count()).isZero();
        }
    }

    @Test
    void savepointOfAnotherTransactionIsRefused() {
        try (WriteTransaction one = store.begin();
                WriteTransaction other = store.begin()) {
            Savepoint savepoint = one.savepoint();
            assertThatThrownBy(() -> other.rollbackTo(savepoint)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void firstWriteThatIsUndoneIsAFirstWriteAgain() {
        assumeFalse(isShared(), "the definition is stored beside the transaction");
        store.update(tx -> {
            Savepoint savepoint = tx.savepoint();
            tx.in(PEOPLE).put("ann", Person.of("ann", "Oslo"));
            tx.rollbackTo(savepoint);
            tx.in(PEOPLE).put("bob", Person.of("bob", "Oslo"));
        });
        reopen();

        // Were the definition not stored again, this store would not know that there is something to build from.
        Index<Person, String> byName = Index.of("by_name", Keys.string(), Person::name);
        Table<String, Person> later =
                Table.of("people", Keys.string(), Values.json(Person.class)).with(byName);
        assertThat(store.in(later).by(byName).eq("bob").keys()).containsExactly("bob");
    }

    @Test
    void actionsSinceTheSavepointAreDropped() {
        List<String> log = new ArrayList<>();
        store.update(tx -> {
            tx.onCommit(revision -> log.add("kept"));
            Savepoint savepoint = tx.savepoint();
            tx.onCommit(revision -> log.add("dropped"));
            tx.rollbackTo(savepoint);
        });

        assertThat(log).containsExactly("kept");
    }

    @Test
    void whatWasReadBeforeARollbackIsStillValidated() {
        store.in(WORDS).put("a", "1");
        try (WriteTransaction tx = store.begin()) {
            Savepoint savepoint = tx.savepoint();
            tx.in(WORDS).get("a");
            tx.rollbackTo(savepoint);
            tx.in(WORDS).put("b", "1");
            store.in(WORDS).put("a", "2");
            assertThatThrownBy(tx::commit).isInstanceOf(KvException.Conflict.class);
        }
    }

    @Test
    void indexIterationGoesOnOverARollback() {
        store.update(tx -> {
            tx.in(PEOPLE).put("ann", Person.of("ann", "Oslo"));
            Savepoint savepoint = tx.savepoint();
            tx.in(PEOPLE).put("bob", Person.of("bob", "Oslo"));
            tx.in(PEOPLE).put("cid", Person.of("cid", "Oslo"));
            Iterator<Entry<String, Person>> people =
                    tx.in(PEOPLE).by(BY_CITY).eq("Oslo").iterator();
            people.next();

            tx.rollbackTo(savepoint);

            assertThat(people.next().value().name()).isEqualTo("bob");
            assertThat(people.next().value().name()).isEqualTo("cid");
            assertThat(tx.in(PEOPLE).count()).isEqualTo(1);
        });
    }
}
