// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.Kvist;
import io.github.kvist.api.Capabilities;
import io.github.kvist.api.Capability;
import io.github.kvist.api.Durability;
import io.github.kvist.api.Entry;
import io.github.kvist.api.Index;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.RecoveryReport;
import io.github.kvist.api.Snapshot;
import io.github.kvist.api.Table;
import io.github.kvist.api.WriteTransaction;
import io.github.kvist.backend.Backend;
import io.github.kvist.backend.Commit;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Operation;
import io.github.kvist.backend.Stored;
import io.github.kvist.backend.View;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import io.github.kvist.testkit.ReferenceBackend;
import java.lang.reflect.Proxy;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What shows only from below: the backend under a store. */
final class TableStoreTest {

    private static final Index<String, String> BY_TEXT = Index.unique("by_text", Keys.string(), value -> value);
    private static final Table<String, String> PLAIN = Table.of("texts", Keys.string(), Values.string());
    private static final Table<String, String> TEXTS = PLAIN.with(BY_TEXT);

    private final ReferenceBackend backend = new ReferenceBackend();

    @Test
    void allThatIsMissingIsNamedAtOnce() {
        Options options = Options.defaults().require(Capability.HISTORY, Capability.ORDERED_SCAN, Capability.FORK);

        assertThatThrownBy(() -> Kvist.open(backend, options))
                .isInstanceOf(KvException.Unsupported.class)
                .hasMessageContaining("[HISTORY, FORK]")
                .hasMessageNotContaining("ORDERED_SCAN");
    }

    @Test
    void backendWithoutFilesHasNothingToRecover() {
        try (KvStore store = open()) {
            store.admin().checkpoint();
            assertThat(store.admin().recovery()).isEqualTo(RecoveryReport.nothing());
            assertThat(store.capabilities()).isEqualTo(backend.capabilities());
        }
    }

    @Test
    void theSecondCloseReturnsWhenTheFirstHasClosed() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        AtomicBoolean isClosed = new AtomicBoolean();
        KvStore store = Kvist.open(slowToClose(begun, mayEnd, isClosed), Options.defaults());
        Thread first = new Thread(store::close);
        first.start();
        begun.await();
        AtomicBoolean wasClosed = new AtomicBoolean();
        Thread second = new Thread(() -> {
            store.close();
            wasClosed.set(isClosed.get());
        });
        second.start();
        while (second.getState() != Thread.State.WAITING && second.getState() != Thread.State.TERMINATED) {
            Thread.onSpinWait();
        }

        mayEnd.countDown();
        first.join();
        second.join();

        assertThat(wasClosed).isTrue();
    }

    /** Its second close has nothing left to do. */
    private Backend slowToClose(CountDownLatch begun, CountDownLatch mayEnd, AtomicBoolean isClosed) {
        return (Backend) Proxy.newProxyInstance(
                Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("close") && begun.getCount() > 0) {
                        begun.countDown();
                        mayEnd.await();
                        isClosed.set(true);
                    }
                    return method.invoke(backend, arguments);
                });
    }

    @Test
    void backendIsClosedThoughAViewThatWasKeptCannotBe() {
        try (KvStore store = open()) {
            store.in(PLAIN).put("a", "1");
        }
        ReferenceBackend later = backend.reopened();
        Error failure = new Error("of a test");
        AtomicBoolean isEnding = new AtomicBoolean();
        AtomicBoolean isClosed = new AtomicBoolean();
        Backend stubborn = (Backend) Proxy.newProxyInstance(
                Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, (proxy, method, arguments) -> {
                    isClosed.compareAndSet(false, method.getName().equals("close"));
                    Object result = method.invoke(later, arguments);
                    return result instanceof View view ? closedOnlyBefore(isEnding, failure, view) : result;
                });
        KvStore store = Kvist.open(stubborn, Options.defaults().readOnly());
        assertThat(store.in(TEXTS).by(BY_TEXT).one("1"))
                .contains("1"); // Its index was completed in a view that is kept.

        isEnding.set(true);

        assertThatThrownBy(store::close).isSameAs(failure);
        assertThat(isClosed).isTrue();
    }

    private static View closedOnlyBefore(AtomicBoolean isEnding, Error failure, View view) {
        return (View) Proxy.newProxyInstance(
                View.class.getClassLoader(), new Class<?>[] {View.class}, (proxy, method, arguments) -> {
                    if (isEnding.get() && method.getName().equals("close")) {
                        throw failure;
                    }
                    return method.invoke(view, arguments);
                });
    }

    @Test
    void valueOverTheLimitIsRefusedWithItsSizeAndTheLimit() {
        ReferenceBackend small = new ReferenceBackend(new Capabilities.Limits(10, 50, 1000));
        try (KvStore store = Kvist.open(small, Options.defaults())) {
            store.in(PLAIN).put("a", "1".repeat(50));
            assertThatThrownBy(() -> store.in(PLAIN).put("a", "1".repeat(51)))
                    .isInstanceOf(KvException.LimitExceeded.class)
                    .hasMessageContaining("texts")
                    .hasMessageContaining("51 bytes")
                    .hasMessageContaining("50");
            assertThat(store.in(PLAIN).get("a")).contains("1".repeat(50));
        }
    }

    @Test
    void everyViewIsClosed() {
        try (KvStore store = open()) {
            store.in(PLAIN).put("a", "1");
            store.in(PLAIN).put("b", "2");
        }
        ReferenceBackend later = backend.reopened();
        try (KvStore store = Kvist.open(later, Options.defaults())) {
            try (Snapshot snapshot = store.snapshot()) {
                assertThat(snapshot.in(TEXTS).by(BY_TEXT).one("1")).contains("1");
            }
            store.update(tx -> assertThat(store.in(TEXTS).by(BY_TEXT).one("1")).contains("1"));
            use(store);
            assertThat(later.openViews()).isZero();
        }
    }

    private static void use(KvStore store) {
        store.in(TEXTS).by(BY_TEXT).one("1");
        store.in(TEXTS).put("c", "3");
        store.in(TEXTS).get("c");
        store.in(TEXTS).entry("c");
        store.in(TEXTS).contains("c");
        store.in(TEXTS).getAll(List.of("a", "c"));
        store.in(TEXTS).count();
        store.in(TEXTS).scan().toList();
        store.in(TEXTS).scan().page(1);
        store.in(TEXTS).scan().stream().forEach(entry -> {});
        store.in(TEXTS).by(BY_TEXT).scan(KeyRange.all()).toList();
        store.in(TEXTS).by(BY_TEXT).count("1");
        store.read(tx -> tx.in(TEXTS).by(BY_TEXT).count("1"));
        store.in(TEXTS).putIfAbsent("a", "1");
        store.admin().verify();
        Iterator<Entry<String, String>> drained = store.in(TEXTS).scan().iterator();
        drained.forEachRemaining(entry -> {});
        try (WriteTransaction tx = store.begin()) {
            tx.in(TEXTS).put("d", "4");
            tx.commit();
        }
        store.begin().close();
        assertThatThrownBy(() -> store.in(TEXTS).put("e", "4")).isInstanceOf(KvException.UniqueViolation.class);
        assertThatThrownBy(() -> store.read(tx -> {
                    throw new IllegalStateException();
                }))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void indexesOfAReadOnlyStoreAreCompletedOnceAndEndWithIt() {
        try (KvStore store = open()) {
            store.in(PLAIN).put("a", "1");
        }
        ReferenceBackend later = backend.reopened();
        try (KvStore store = Kvist.open(later, Options.defaults().readOnly())) {
            for (int i = 0; i < 3; i++) {
                assertThat(store.in(TEXTS).by(BY_TEXT).one("1")).contains("1");
                assertThat(later.openViews()).isEqualTo(1);
            }
        }
        assertThat(later.openViews()).isZero();
    }

    @Test
    void verifyFindsEveryKindOfDisagreement() {
        try (KvStore store = open()) {
            store.in(TEXTS).put("CANARY", "kept");
            store.in(TEXTS).put("lost", "lost");
            Keyspace entries = backend.keyspace(KeyspaceNames.index("texts", "by_text"));
            write(entries, "no end");
            write(entries, "stale\0CANARY");
            write(entries, "nobody's\0gone");
            write(entries, "kept\0other");
            backend.commit(new Commit(
                    List.of(), List.of(new Operation.Delete(entries, "lost\0lost".getBytes())), Durability.SYNC));

            assertThat(store.admin().verify().findings())
                    .allMatch(finding -> finding.where().equals("Table texts, index by_text"))
                    .noneMatch(finding -> finding.what().contains("CANARY"))
                    .extracting(finding -> finding.what().replaceAll("0x\\w+", "KEY"))
                    .anyMatch(what -> what.contains("KEY lacks an entry"))
                    .anyMatch(what -> what.contains("has no index key"))
                    .anyMatch(what -> what.contains("is not what the extractor gives"))
                    .anyMatch(what -> what.contains("leads to the record KEY, which is not there"))
                    .anyMatch(what -> what.contains("Two records have one key"));
        }
    }

    private void write(Keyspace keyspace, String key) {
        backend.commit(new Commit(
                List.of(),
                List.of(new Operation.Put(keyspace, key.getBytes(), new byte[0], Stored.NEVER)),
                Durability.SYNC));
    }

    @Test
    void entryThatLeadsToNoRecordIsDamage() {
        try (KvStore store = open()) {
            store.in(TEXTS).put("a", "1");
            write(backend.keyspace(KeyspaceNames.index("texts", "by_text")), "2\0gone");

            assertThatThrownBy(() -> store.in(TEXTS).by(BY_TEXT).one("2"))
                    .isInstanceOf(KvException.Corrupt.class)
                    .hasMessageContaining("by_text")
                    .hasMessageContaining("verify");
        }
    }

    @Test
    void definitionOfANewerVersionIsNotTouched() {
        byte[] newer = {2, 0, 0};
        backend.commit(new Commit(
                List.of(),
                List.of(new Operation.Put(
                        backend.keyspace(KeyspaceNames.DEFINITIONS), "texts".getBytes(), newer, Stored.NEVER)),
                Durability.SYNC));
        try (KvStore store = open()) {
            assertThatThrownBy(() -> store.in(TEXTS)).isInstanceOf(KvException.UnsupportedFormat.class);
        }
    }

    @Test
    void definitionIsStoredOnceAndNumberedWhenItChanges() {
        try (KvStore store = open()) {
            store.in(PLAIN).put("a", "1");
            store.in(PLAIN).put("b", "2");
            assertThat(stored(backend).number()).isEqualTo(1);
        }
        ReferenceBackend later = backend.reopened();
        try (KvStore store = Kvist.open(later, Options.defaults())) {
            store.in(TEXTS).put("c", "3");
            store.in(TEXTS).put("d", "4");
            assertThat(stored(later).number()).isEqualTo(2);
            assertThat(stored(later).definition()).isEqualTo(Definition.of(TEXTS));
        }
    }

    private static StoredDefinition stored(Backend backend) {
        try (View view = backend.view()) {
            return StoredDefinition.of(
                    "texts", view.get(backend.keyspace(KeyspaceNames.DEFINITIONS), "texts".getBytes()));
        }
    }

    private KvStore open() {
        return Kvist.open(backend, Options.defaults());
    }
}
