// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every call ends within twice its time, whatever the other side does, and the store goes on when the other side does. */
abstract class RemoteDeadlinesContract extends RemoteContract {

    /** Calls that ask the server. */
    enum Reading {
        GET(store -> store.in(WORDS).get("warm")),
        COUNT(store -> store.in(WORDS).count()),
        SCAN(store -> store.in(WORDS).scan().toList()),
        TRANSACTION(store -> store.read(transaction -> transaction.in(WORDS).get("warm")));

        private final Consumer<KvStore> call;

        Reading(Consumer<KvStore> call) {
            this.call = call;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReadOnASilentLineEndsInTime(Reading reading) {
        proxy().silence();

        Told told = inTime(() -> reading.call.accept(store()));

        assertThat(told.failure()).isInstanceOf(KvException.Unavailable.class);
        proxy().heal();
        reading.call.accept(store());
    }

    @Test
    void aWriteOnASilentLineEndsInTimeAndIsToldTruly() {
        long before = counted();
        proxy().silence();

        Told told = inTime(() -> add("silent"));

        assertThat(told.isAcknowledged()).isFalse();
        proxy().heal();
        requireTrue(told, "silent", before);
    }

    @Test
    void openingOnASilentLineEndsInTime() {
        proxy().silence();

        Told told = inTime(() -> open(proxy().port()).close());

        assertThat(told.failure()).isInstanceOf(KvException.Unavailable.class);
    }

    @Test
    void openingWhereNobodyListensSaysWhere() {
        proxy().close();

        Told told = inTime(() -> open(proxy().port()).close());

        assertThat(told.failure())
                .isInstanceOf(KvException.Unavailable.class)
                .hasMessageContaining(Server.HOST)
                .hasMessageContaining(String.valueOf(proxy().port()));
    }

    @Test
    void closingOnASilentLineEndsInTime() {
        proxy().silence();

        Told told = inTime(() -> store().close());

        assertThat(told.failure()).isNull();
        assertThatThrownBy(() -> store().in(WORDS).get("warm")).isInstanceOf(KvException.Closed.class);
    }

    @Test
    void aPausedServerIsUnavailableUntilItGoesOn() {
        long before = counted();
        server().pause();
        try {
            assertThat(inTime(() -> store().in(WORDS).get("warm")).failure())
                    .isInstanceOf(KvException.Unavailable.class);
            Told told = inTime(() -> add("paused"));
            assertThat(told.isAcknowledged()).isFalse();

            server().resume();

            requireTrue(told, "paused", before);
            add("resumed");
        } finally {
            server().resume();
        }
    }

    @Test
    void callsThatWereGivenUpLeaveNoThreadBehind() {
        proxy().silence();
        inTime(() -> store().in(WORDS).get("warm"));
        Set<Thread> threads = threadsOfTheStore();

        for (int i = 0; i < 4; i++) {
            inTime(() -> store().in(WORDS).get("warm"));
        }

        assertThat(threadsOfTheStore()).hasSizeLessThanOrEqualTo(threads.size() + 1);
    }

    private static Set<Thread> threadsOfTheStore() {
        Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
        threads.removeIf(thread -> thread.getName().startsWith("proxy-"));
        return threads;
    }

    @Test
    void aSlowLineIsWaitedFor() {
        proxy().delay(Duration.ofMillis(20));

        add("slow");

        assertThat(store().in(WORDS).get("slow")).contains("slow");
    }

    @Test
    void aSinglePutIsOneRequest() {
        // A pool may open or check a connection beside the first of them.
        await("twenty puts are twenty requests", () -> requestsOfPuts(20) == 20);
    }

    private long requestsOfPuts(int puts) {
        long before = proxy().requests();
        for (int i = 0; i < puts; i++) {
            store().in(WORDS).put("single" + i, "put");
        }
        return proxy().requests() - before;
    }
}
