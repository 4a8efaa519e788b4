// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.api.Durability;
import io.github.kvist.backend.Commit;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Operation;
import io.github.kvist.backend.Range;
import io.github.kvist.backend.Stored;
import io.github.kvist.backend.Unchanged;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The small parts that need no server. */
final class PartsTest {

    private record Space(String name) implements Keyspace {}

    private static final Keyspace WORDS = new Space("t/words");

    @Property(tries = 200)
    void everyNameComesBackFromItsAscii(@ForAll String name) {
        String text = NameText.of(name);

        assertThat(NameText.name(text)).isEqualTo(name);
        assertThat(text.chars()).allMatch(c -> c >= ' ' && c <= '~');
        assertThat(NameText.of("t/" + name)).startsWith(NameText.of("t/"));
    }

    @Test
    void stampsGoOnWithTheNextNumberOfTheProcess() {
        AtomicInteger clients = new AtomicInteger(8);
        Stamps stamps = new Stamps(7, clients::getAndIncrement, 3);

        assertThat(List.of(stamps.take(), stamps.take(), stamps.take(), stamps.take(), stamps.take()))
                .doesNotHaveDuplicates()
                .extracting(stamp -> stamp >>> 32)
                .containsExactly(7L, 7L, 8L, 8L, 9L);
    }

    @Test
    void theClockNeverGoesBack() {
        AtomicLong millis = new AtomicLong(1_000);
        ServerClock clock = new ServerClock(() -> Instant.ofEpochMilli(millis.get()));
        assertThat(clock.now()).isEqualTo(1_000);

        millis.set(10);
        assertThat(clock.now()).isEqualTo(1_000);
        clock.told(5_000);
        assertThat(clock.atLeast()).isEqualTo(5_000);
    }

    private static Draft draft(Unchanged unchanged, Operation... operations) {
        AtomicLong versions = new AtomicLong(100);
        return new Draft(
                new Commit(List.of(), unchanged, List.of(operations), Durability.SYNC),
                keyspace -> 1,
                versions::incrementAndGet);
    }

    private static Operation.Put put(String key) {
        return new Operation.Put(WORDS, key.getBytes(), key.getBytes(), Stored.NEVER);
    }

    @Test
    void operationsOnOneKeyBecomeOne() {
        byte[] a = {'a'};
        byte[] b = {'b'};
        byte[] c = {'c'};

        Draft draft = draft(
                null,
                new Operation.Delete(WORDS, c),
                new Operation.Touch(WORDS, c, 5),
                new Operation.Touch(WORDS, b, 5),
                new Operation.Touch(WORDS, b, 6),
                new Operation.Delete(WORDS, a),
                new Operation.Put(WORDS, a, b, Stored.NEVER),
                new Operation.Touch(WORDS, a, 7));

        assertThat(draft.writes)
                .extracting(write -> (char) write.place().key()[0] + " " + write.kind() + " " + write.deadline())
                .containsExactly("a 1 7", "b 2 6", "c 0 " + Stored.NEVER);
        assertThat(draft.earliestDeadline()).isEqualTo(6);
    }

    private static WaitingCommit waiting(Draft draft) {
        return new WaitingCommit(draft, true, 1, 0, 10, Deadline.after(Duration.ofSeconds(1)));
    }

    @Test
    void commitsThatConcernOneAnotherAreSentOneAfterTheOther() {
        WaitingCommit first = waiting(draft(null, put("a")));
        WaitingCommit sameKey = waiting(draft(null, put("a")));
        WaitingCommit apart = waiting(draft(null, put("b")));
        Unchanged readIt = new Unchanged(0, 0, List.of(new Range(WORDS, new byte[] {'a'}, new byte[] {'b'})));
        WaitingCommit reader = waiting(draft(readIt, put("c")));
        Unchanged readBelow = new Unchanged(0, 0, List.of(new Range(WORDS, new byte[0], new byte[] {'a'})));
        WaitingCommit otherReader = waiting(draft(readBelow, put("d")));
        List<WaitingCommit> queue = new ArrayList<>(List.of(first, sameKey, apart, reader, otherReader));

        assertThat(IndependentCommits.takenFrom(queue)).containsExactly(first, apart, otherReader);
        assertThat(queue).containsExactly(sameKey, reader);
    }
}
