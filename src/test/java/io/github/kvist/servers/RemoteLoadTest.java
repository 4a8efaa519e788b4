// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.Kvist;
import io.github.kvist.api.KvStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The load notices what a bad store would do; here the test does it, behind the load's back. */
@Timeout(60)
class RemoteLoadTest {

    private final KvStore store = Kvist.inMemory();
    private final RemoteLoad load = RemoteLoad.start(store, 2, 5);

    @BeforeEach
    void write() throws InterruptedException {
        load.join();
    }

    @AfterEach
    void close() throws InterruptedException {
        load.close();
        store.close();
    }

    @Test
    void aGoodStoreIsTrue() {
        assertThat(load.acknowledged()).isEqualTo(10);
        load.requireTrueIn(store, 0);
    }

    @Test
    void aLostWordShows() {
        store.in(RemoteContract.WORDS).delete("writer1-3");

        assertThatThrownBy(() -> load.requireTrueIn(store, 0))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("writer1-3: Ended[outcome=COMMITTED");
    }

    @Test
    void aWordThatWasAppliedTwiceShows() {
        store.in(RemoteContract.COUNTERS).put(RemoteContract.SHARED, 11L);

        assertThatThrownBy(() -> load.requireTrueIn(store, 0)).isInstanceOf(AssertionError.class);
    }

    @Test
    void anErrorOfAnotherFamilyShows() {
        Told told = Told.of(() -> {
            throw new IllegalStateException("a driver's own");
        });

        assertThatThrownBy(told::typed).isInstanceOf(AssertionError.class);
    }
}
