// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.redis;

import static io.github.kvist.backend.redis.Stores.bytes;
import static io.github.kvist.backend.redis.Stores.commit;
import static io.github.kvist.backend.redis.Stores.delete;
import static io.github.kvist.backend.redis.Stores.put;
import static io.github.kvist.backend.redis.Stores.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.api.Durability;
import io.github.kvist.api.Options;
import io.github.kvist.api.Outcome;
import io.github.kvist.backend.Commit;
import io.github.kvist.backend.Condition;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Operation;
import io.github.kvist.backend.Stored;
import io.github.kvist.backend.View;
import io.github.kvist.servers.RedisServer;
import io.github.kvist.servers.Servers;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the script of a commit does beyond the contract of stores. */
final class RedisCommitTest {

    private final String uri = Servers.redis().uri(Stores.newName());
    private final RedisBackend backend = Stores.open(uri);
    private final Keyspace words = backend.keyspace("t/words");
    private final Kept kept = new Kept(Options.defaults().history(), backend.time());

    @AfterEach
    void close() {
        backend.close();
    }

    @Test
    void aCommitThatIsSentAgainIsFoundAndNotRepeated() {
        long revision = send(commit(put(words, "a", "1")), 77, "");
        backend.commit(commit(put(words, "a", "2")));

        assertThat(send(commit(put(words, "a", "1")), 77, "0")).isEqualTo(revision);

        assertThat(value(backend.get(words, bytes("a")))).isEqualTo("2");
    }

    @Test
    void theFirstCopyOfACommitThatWasSentAgainDoesNothingWhenItArrivesLate() {
        for (Commit write : List.of(commit(put(words, "a", "1")), commit(put(words, "a", "1"), put(words, "b", "1")))) {
            long stamp = backend.newVersion();
            long revision = send(write, stamp, "" + backend.revision());
            backend.commit(commit(put(words, "a", "2")));

            assertThat(send(write, stamp, "")).isEqualTo(revision);

            assertThat(value(backend.get(words, bytes("a")))).isEqualTo("2");
        }
    }

    @Test
    void aRefusalOfACommitThatWasSentAgainIsFinal() {
        Commit onlyOnce = new Commit(
                List.of(new Condition(words, bytes("a"), Condition.ABSENT)),
                List.of(put(words, "a", "mine")),
                Durability.MEMORY);
        backend.commit(commit(put(words, "a", "other")));
        assertThat(answer(onlyOnce, 88, "" + backend.revision())).isEqualTo("refused");
        backend.commit(commit(delete(words, "a")));

        assertThat(answer(onlyOnce, 88, "")).isEqualTo("void");

        assertThat(value(backend.get(words, bytes("a")))).isEqualTo("nothing");
    }

    @Test
    void whoeverAsksWhatBecameOfACommitIsToldTheTruth() {
        long before = backend.revision();
        send(commit(put(words, "a", "1")), 99, "");

        assertThat(backend.outcome(new TransactionId(99, before).toString())).isEqualTo(Outcome.COMMITTED);
        assertThat(backend.outcome(new TransactionId(98, before).toString())).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(answer(commit(put(words, "a", "late")), 98, "")).isEqualTo("void");
        assertThat(answer(commit(put(words, "a", "late"), put(words, "b", "late")), 98, ""))
                .isEqualTo("void");
        assertThat(backend.outcome("nonsense")).isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void anOutcomeThatIsNoLongerKeptIsUnknown() {
        try (RedisBackend brief = Stores.open(
                Servers.redis().uri(Stores.newName()), Options.defaults().history(5))) {
            Keyspace own = brief.keyspace("t/own");
            for (int i = 0; i < 20; i++) {
                brief.commit(commit(put(own, "a", "" + i)));
            }

            assertThat(brief.outcome(new TransactionId(1, 0).toString())).isEqualTo(Outcome.UNKNOWN);
        }
    }

    @Test
    void numbersBeyondWhatADoubleHoldsAreExact() {
        long version = (1L << 62) + 1;
        long deadline = Stored.NEVER - 2;
        backend.commit(commit(new Operation.Put(words, bytes("a"), bytes("1"), deadline, version)));

        Stored stored = backend.get(words, bytes("a"));
        assertThat(stored.version()).isEqualTo(version);
        assertThat(stored.deadline()).isEqualTo(deadline);
        Condition near = new Condition(words, bytes("a"), version + 1);
        Condition exact = new Condition(words, bytes("a"), version);
        List<Operation> touch = List.of(new Operation.Touch(words, bytes("a"), deadline + 1));
        assertThat(backend.commit(new Commit(List.of(near), touch, Durability.MEMORY)))
                .isEqualTo(Commit.REFUSED);
        assertThat(backend.commit(new Commit(List.of(exact), touch, Durability.MEMORY)))
                .isPositive();
        assertThat(backend.get(words, bytes("a")).deadline()).isEqualTo(deadline + 1);
        assertThat(backend.get(words, bytes("a")).version()).isEqualTo(version);
    }

    @Test
    void noTwoClientsDrawTheSameVersion() {
        Set<Long> versions = new HashSet<>();
        for (int i = 0; i < 5; i++) {
            try (RedisBackend client = Stores.open(uri)) {
                for (int j = 0; j < 10; j++) {
                    assertThat(versions.add(client.newVersion())).isTrue();
                }
            }
        }
    }

    @Test
    void versionsGoAboveThoseOfAnotherSystem() {
        try (RedisBackend other = Stores.open(uri)) {
            long taken = other.newVersion() + (5L << 40) + 7;

            backend.newVersionsAbove(taken);

            assertThat(backend.newVersion()).isGreaterThan(taken);
            try (RedisBackend later = Stores.open(uri)) {
                assertThat(later.newVersion()).isGreaterThan(taken);
            }
            long before = backend.newVersion();
            backend.newVersionsAbove(1);
            assertThat(backend.newVersion()).isEqualTo(before + 1);
        }
    }

    @Test
    void aServerThatForgotItsScriptsIsToldThemAgain() {
        backend.commit(commit(put(words, "a", "1")));
        Servers.redis().ask("SCRIPT", "FLUSH");

        backend.commit(commit(put(words, "a", "2")));

        Servers.redis().ask("SCRIPT", "FLUSH");
        assertThat(value(backend.get(words, bytes("a")))).isEqualTo("2");
    }

    @Test
    void aServerThatWasRestartedIsTalkedToAgain() {
        try (RedisServer server = Servers.newDurableRedis();
                RedisBackend durable = Stores.open(server.uri("restarted"))) {
            Keyspace own = durable.keyspace("t/own");
            long first = durable.commit(commit(put(own, "a", "1"), put(own, "b", "1")));
            server.kill();
            server.restart();

            assertThat(durable.commit(commit(put(own, "a", "2")))).isEqualTo(first + 1);

            assertThat(value(durable.get(own, bytes("a")))).isEqualTo("2");
            assertThat(value(durable.get(own, bytes("b")))).isEqualTo("1");
        }
    }

    @Test
    void aPutIsOneRoundTrip() {
        backend.commit(commit(put(words, "a", "1")));
        long before = evaluations();

        backend.commit(commit(put(words, "a", "2")));
        backend.get(words, bytes("a"));

        assertThat(evaluations() - before).isEqualTo(2);
    }

    @Test
    void aThousandChangesAreOneCommit() {
        Operation[] many = new Operation[3_000];
        for (int i = 0; i < many.length; i++) {
            many[i] = put(words, "k" + i, "v");
        }
        long revision = backend.commit(commit(many));
        for (int i = 0; i < many.length; i++) {
            many[i] = delete(words, "k" + i);
        }
        try (View view = backend.view()) {
            assertThat(view.count(words, new byte[0], null)).isEqualTo(3_000);
        }

        assertThat(backend.commit(commit(many))).isEqualTo(revision + 1);

        try (View view = backend.view()) {
            assertThat(view.count(words, new byte[0], null)).isZero();
        }
    }

    private static long evaluations() {
        return Servers.redis()
                .ask("INFO", "commandstats")
                .lines()
                .filter(line -> line.startsWith("cmdstat_eval"))
                .mapToLong(line -> Long.parseLong(line.replaceAll(".*:calls=([0-9]+),.*", "$1")))
                .sum();
    }

    private long send(Commit commit, long stamp, String sentBehind) {
        List<?> answer = (List<?>) backend.calls().answer(request(commit, stamp, sentBehind));
        assertThat(text(answer)).isEqualTo("done");
        return (Long) answer.get(1);
    }

    private String answer(Commit commit, long stamp, String sentBehind) {
        return text((List<?>) backend.calls().answer(request(commit, stamp, sentBehind)));
    }

    private static String text(List<?> answer) {
        return new String((byte[]) answer.get(0), StandardCharsets.US_ASCII);
    }

    private Request request(Commit commit, long stamp, String sentBehind) {
        return CommitRequest.of(
                backend.layout(), commit, backend.time().argument(), stamp, sentBehind, kept, backend::newVersion);
    }
}
