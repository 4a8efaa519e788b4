// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.redis;

import static io.github.kvist.backend.redis.Stores.bytes;
import static io.github.kvist.backend.redis.Stores.commit;
import static io.github.kvist.backend.redis.Stores.delete;
import static io.github.kvist.backend.redis.Stores.put;
import static io.github.kvist.backend.redis.Stores.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.KvException;
import io.github.kvist.api.Options;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.servers.Certificate;
import io.github.kvist.servers.RedisServer;
import io.github.kvist.servers.Servers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server refuses, and what an address must not say. */
final class RedisRefusalsTest {

    private static final Options HASTY = Options.defaults().timeout(Duration.ofSeconds(2));

    @TempDir
    private Path directory;

    @Test
    void aServerWithoutMemoryRefusesWritesAndNothingElse() {
        try (RedisServer server = Servers.newRedis("maxmemory-policy noeviction");
                RedisBackend backend = Stores.open(server.uri("full"))) {
            Keyspace words = backend.keyspace("t/words");
            backend.commit(commit(put(words, "a", "1"), put(words, "b", "1")));
            server.ask("CONFIG", "SET", "maxmemory", "1");

            assertThatThrownBy(() -> backend.commit(commit(put(words, "a", "2"))))
                    .isInstanceOf(KvException.LimitExceeded.class);
            assertThatThrownBy(() -> backend.commit(commit(put(words, "a", "2"), delete(words, "b"))))
                    .isInstanceOf(KvException.LimitExceeded.class);

            assertThat(value(backend.get(words, bytes("a")))).isEqualTo("1");
            assertThat(value(backend.get(words, bytes("b")))).isEqualTo("1");
            server.ask("CONFIG", "SET", "maxmemory", "0");
            backend.commit(commit(put(words, "a", "2"), delete(words, "b")));
            assertThat(value(backend.get(words, bytes("b")))).isEqualTo("nothing");
        }
    }

    @Test
    void aReplicaRefusesWritesAndSaysSo() {
        try (RedisServer primary = Servers.newRedis();
                RedisServer replica = Servers.newRedis();
                RedisBackend backend = Stores.open(replica.uri("replica"), HASTY)) {
            Keyspace words = backend.keyspace("t/words");
            replica.ask("REPLICAOF", "127.0.0.1", "" + primary.port());

            assertThatThrownBy(() -> backend.commit(commit(put(words, "a", "1"))))
                    .isInstanceOf(KvException.Unavailable.class)
                    .hasMessageContaining("read-only replica");
        }
    }

    @Test
    void aServerThatIsFullOfClientsSaysSo() {
        try (RedisServer server = Servers.newRedis("maxclients 2");
                RedisBackend first = Stores.open(server.uri("first"), HASTY);
                RedisBackend second = Stores.open(server.uri("second"), HASTY)) {
            assertThatThrownBy(() -> Stores.open(server.uri("third"), HASTY))
                    .isInstanceOf(KvException.Unavailable.class)
                    .hasMessageContaining("maxclients");
            assertThat(first.revision() + second.revision()).isZero();
        }
    }

    @Test
    void callsWaitForAFreeConnectionNoLongerThanTheyMay() {
        try (RedisServer server = Servers.newRedis();
                RedisBackend backend = Stores.open(server.uri("busy") + "&connections=1", HASTY)) {
            Connections.Line taken =
                    backend.calls().connections().take(backend.calls().limit());
            try {
                assertThatThrownBy(backend::revision)
                        .isInstanceOf(KvException.Unavailable.class)
                        .hasMessageContaining("connections");
            } finally {
                backend.calls().connections().give(taken);
            }
            assertThat(backend.revision()).isZero();
        }
    }

    @Test
    void aWrongPasswordIsRefusedWithoutShowingIt() {
        try (RedisServer server = Servers.newRedis("requirepass right")) {
            String uri = "redis://:wrong-secret@" + server.address();

            assertThatThrownBy(() -> Stores.open(uri))
                    .isInstanceOf(KvException.Unavailable.class)
                    .hasMessageContaining("credentials")
                    .hasStackTraceContaining("WRONGPASS")
                    .satisfies(refused -> assertThat(refused.toString()).doesNotContain("wrong-secret"));
            assertThatThrownBy(() -> Stores.open("redis://" + server.address()))
                    .isInstanceOf(KvException.Unavailable.class)
                    .hasMessageContaining("credentials");
            try (RedisBackend backend = Stores.open(
                    "redis://" + server.address(), Options.defaults().credentials("", "right"))) {
                assertThat(backend.description()).doesNotContain("right");
            }
        }
    }

    @Test
    void aServerWhoseCertificateIsTrustedIsTalkedTo() {
        Certificate certificate = Certificate.ofThisMachine(directory);
        try (RedisServer server = RedisServer.startWithTls(certificate);
                RedisBackend backend = Stores.open(secure(server, certificate))) {
            Keyspace words = backend.keyspace("t/words");
            backend.commit(commit(put(words, "a", "1")));

            assertThat(value(backend.get(words, bytes("a")))).isEqualTo("1");
        }
    }

    @Test
    void aCertificateThatIsUnknownOrOfAnotherHostOrTooOldIsRefused() {
        Certificate unknown = Certificate.ofThisMachine(directory);
        for (Certificate certificate :
                List.of(unknown, Certificate.ofAnotherMachine(directory), Certificate.ofYesterday(directory))) {
            try (RedisServer server = RedisServer.startWithTls(certificate)) {
                String uri = certificate == unknown
                        ? "rediss://" + server.address() + "?prefix=tls"
                        : secure(server, certificate);

                assertThatThrownBy(() -> Stores.open(uri, HASTY))
                        .isInstanceOf(KvException.Unavailable.class)
                        .hasMessageContaining("certificate");
            }
        }
    }

    private static String secure(RedisServer server, Certificate authority) {
        return "rediss://" + server.address() + "?prefix=tls&cacert=" + authority.pem();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://h?connections=0",
                "redis://h?connections=many",
                "redis://h?cluster=perhaps",
                "redis://h?cacert=x",
                "redis://h/name",
                "redis://h,i/1",
                "redis://h?prefix=",
                "rediss://h?cacert=/there/is/none"
            })
    void anAddressThatMakesNoSenseIsRefused(String uri) {
        assertThatThrownBy(() -> Stores.open(uri)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aFileWithoutCertificatesIsRefused() throws Exception {
        Path empty = Files.createFile(directory.resolve("empty.pem"));

        assertThatThrownBy(() -> Stores.open("rediss://h?cacert=" + empty))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PEM");
    }

    @Test
    void whatIsTooLargeIsRefusedBeforeItIsSent() {
        List<Runnable> tooLarge = new ArrayList<>();
        try (RedisBackend backend = Stores.open(Servers.redis().uri(Stores.newName()))) {
            Keyspace words = backend.keyspace("t/words");
            String value = "x".repeat(30 << 20);
            tooLarge.add(() -> backend.commit(commit(put(words, "k".repeat(16_385), "1"))));
            tooLarge.add(() -> backend.commit(commit(put(words, "k", "x".repeat((32 << 20) + 1)))));
            tooLarge.add(() -> backend.commit(commit(
                    put(words, "1", value),
                    put(words, "2", value),
                    put(words, "3", value),
                    put(words, "4", value),
                    put(words, "5", value))));

            for (Runnable each : tooLarge) {
                assertThatThrownBy(each::run)
                        .isInstanceOf(KvException.LimitExceeded.class)
                        .hasMessageContaining("nothing was written");
            }
            assertThat(backend.revision()).isZero();
        }
    }
}
