// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.api.Durability;
import io.github.kvist.api.KvException;
import io.github.kvist.backend.Backend;
import io.github.kvist.backend.Stored;
import io.github.kvist.backend.Sweeping;
import java.lang.reflect.Proxy;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The sweep of a system that other processes share: it outlives what such a system comes back from, and nothing else. */
@Timeout(60)
final class SweptSystemsTest {
    private final BlockingQueue<Thread> sweeps = new LinkedBlockingQueue<>();

    @Test
    void sharedSystemThatIsAwayForAMomentIsSweptAgain() throws InterruptedException {
        Thread first = swept(true, new KvException.Unavailable("away", null));

        assertThat(sweeps.poll(30, TimeUnit.SECONDS)).isSameAs(first);
    }

    @Test
    void sharedSystemThatRefusesIsNotAskedAgain() throws InterruptedException {
        swept(true, new KvException.Unsupported("no")).join();

        assertThat(sweeps).isEmpty();
    }

    @Test
    void storeOfThisProcessThatFailedIsNotAskedAgain() throws InterruptedException {
        swept(false, new KvException.Unavailable("the log failed", null)).join();

        assertThat(sweeps).isEmpty();
    }

    @Test
    void deadlineThatComesWhileTheThreadIsEndingIsNotForgotten() throws InterruptedException {
        long[] earliest = {1, Stored.NEVER, 1};
        int[] asked = {0};
        ExpirySweep sweep = new ExpirySweep(
                new Sweeping() {
                    @Override
                    public synchronized long earliestDeadline() {
                        return asked[0] < earliest.length ? earliest[asked[0]++] : Stored.NEVER;
                    }

                    @Override
                    public long sweep(Predicate<String> counted, Durability durability) {
                        sweeps.add(Thread.currentThread());
                        return 0;
                    }
                },
                Durability.MEMORY);

        sweep.consider();

        Thread first = sweeps.take();
        assertThat(sweeps.take()).isSameAs(first);
        first.join();
        assertThat(sweeps).isEmpty();
    }

    /** Begins to sweep a backend that fails so, and returns the thread that does it. */
    private Thread swept(boolean isShared, KvException failure) throws InterruptedException {
        Sweeping backend = (Sweeping) Proxy.newProxyInstance(
                Sweeping.class.getClassLoader(),
                new Class<?>[] {Sweeping.class, Backend.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "earliestDeadline" -> 1L;
                    case "isShared" -> isShared;
                    case "sweep" -> {
                        sweeps.add(Thread.currentThread());
                        throw failure;
                    }
                    default -> throw new AssertionError(method);
                });
        new ExpirySweep(backend, Durability.SYNC).consider();
        return sweeps.take();
    }
}
