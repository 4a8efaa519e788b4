// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ExclusiveTurnTest {

    private final ReentrantLock lock = new ReentrantLock();

    @Test
    void othersWaitUntilItIsOver() throws Exception {
        ExclusiveTurn turn = new ExclusiveTurn(lock, Duration.ofDays(1));
        locked(turn::take);
        locked(turn::await); // the owner itself goes on
        CompletableFuture<Void> other = onOwnThread(turn::await);
        assertThat(other).isNotDone();

        locked(turn::release);

        other.get(30, TimeUnit.SECONDS);
    }

    @Test
    void aTurnThatIsNotGivenBackLapses() throws Exception {
        ExclusiveTurn turn = new ExclusiveTurn(lock, Duration.ofMillis(20));
        locked(turn::take);

        onOwnThread(turn::take).get(30, TimeUnit.SECONDS);
        // It is the other thread's now: giving it back late does nothing.
        locked(turn::release);
        CompletableFuture<Void> third = onOwnThread(turn::await);

        third.get(30, TimeUnit.SECONDS);
    }

    @Test
    void anInterruptIsKeptWhileWaiting() throws Exception {
        ExclusiveTurn turn = new ExclusiveTurn(lock, Duration.ofMillis(200));
        locked(turn::take);
        CompletableFuture<Boolean> interrupted = CompletableFuture.supplyAsync(
                () -> {
                    Thread.currentThread().interrupt();
                    locked(turn::await);
                    return Thread.currentThread().isInterrupted();
                },
                EngineFixture.OWN_THREAD);

        assertThat(interrupted.get(30, TimeUnit.SECONDS)).isTrue();
    }

    private CompletableFuture<Void> onOwnThread(Runnable work) {
        return CompletableFuture.runAsync(() -> locked(work), EngineFixture.OWN_THREAD);
    }

    private void locked(Runnable work) {
        lock.lock();
        try {
            work.run();
        } finally {
            lock.unlock();
        }
    }
}
