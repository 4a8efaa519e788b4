// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.Kvist;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.Outcome;
import io.github.kvist.api.Table;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** A server for each class, and for each test a store on it, by way of a {@link Proxy}. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RemoteContract {

    static final Table<String, String> WORDS = Table.of("words", Keys.string(), Values.string());
    static final Table<String, Long> COUNTERS = Table.of("counters", Keys.string(), Values.int64());
    static final String SHARED = "shared";

    /** Of one call. Twice as long is the latest that it may end. */
    static final Duration TIMEOUT = Duration.ofSeconds(1);

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final AtomicInteger NAMES = new AtomicInteger();

    private @Nullable Server server;
    private @Nullable Proxy proxy;
    private @Nullable KvStore store;
    private String name = "";

    abstract RemoteSystem system();

    @BeforeAll
    final void startServer() {
        server = system().start();
    }

    @AfterAll
    final void closeServer() {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    final void openStore() {
        name = "faults" + NAMES.incrementAndGet();
        proxy = Proxy.to(server().port());
        // What a store needs on its server is made without haste.
        Kvist.open(system().uri(server(), name, server().port())).close();
        store = open(proxy.port());
        // Tables are defined and drivers warm: what a test counts and breaks is its own.
        for (int i = 0; i < 10; i++) {
            add("warm");
            store.in(WORDS).put("warm", "up");
        }
    }

    @AfterEach
    final void closeStore() {
        proxy().heal();
        store().close();
        proxy().close();
    }

    final Server server() {
        return Objects.requireNonNull(server);
    }

    final Proxy proxy() {
        return Objects.requireNonNull(proxy);
    }

    final KvStore store() {
        return Objects.requireNonNull(store);
    }

    /** A store on the same data, as another process would open it. */
    final KvStore open(int port) {
        return Kvist.open(system().uri(server(), name, port), Options.defaults().timeout(TIMEOUT));
    }

    final KvStore openDirectly() {
        return open(server().port());
    }

    /** Adds 1 to a counter and stores a word under its own name, in one transaction. */
    final void add(String word) {
        add(store(), word);
    }

    static void add(KvStore store, String word) {
        store.update(transaction -> {
            transaction.in(COUNTERS).compute(SHARED, n -> n == null ? 1L : n + 1);
            transaction.in(WORDS).put(word, word);
        });
    }

    /** Makes a call that ends in time, one way or the other. */
    static Told inTime(Runnable call) {
        long before = System.nanoTime();
        Told told = Told.of(call);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).as("%s", told).isLessThan(TIMEOUT.multipliedBy(2));
        return told.typed();
    }

    /** What was told of the word is what became of it, and it was counted at most once. */
    final void requireTrue(Told told, String word, long before) {
        try (KvStore other = openDirectly()) {
            // Asked before anybody looks: from here on it is settled.
            Outcome outcome = told.isUnknown() ? other.outcome(told.transactionId()) : told.outcome();
            boolean isThere = other.in(WORDS).contains(word);
            assertThat(outcome).as("%s", told).isEqualTo(isThere ? Outcome.COMMITTED : Outcome.ROLLED_BACK);
            assertThat(other.in(COUNTERS).get(SHARED)).contains(before + (isThere ? 1 : 0));
        }
    }

    final long counted() {
        return store().in(COUNTERS).get(SHARED).orElseThrow();
    }

    static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
        }
    }
}
