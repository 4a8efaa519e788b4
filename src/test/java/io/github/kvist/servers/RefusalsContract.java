// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.Kvist;
import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.Table;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a server refuses is told as what it is, in time, and the store goes on as soon as the server does. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RefusalsContract {

    private static final Table<String, String> WORDS = Table.of("words", Keys.string(), Values.string());
    private static final Table<byte[], byte[]> BYTES = Table.of("bytes", Keys.bytes(), Values.bytes());
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final String STORE = "refusals";

    private static final String PASSWORD = "right";

    @TempDir
    private Path directory;

    private @Nullable Server plain;

    abstract RemoteSystem system();

    @BeforeAll
    final void startServer() {
        plain = system().start();
    }

    @AfterAll
    final void closeServer() {
        if (plain != null) {
            plain.close();
        }
    }

    private String uri() {
        Server server = Objects.requireNonNull(plain);
        return system().uri(server, STORE, server.port());
    }

    @Test
    void aWrongPasswordIsRefusedAndNotRepeatedAndARightOneMayComeWithTheOptions() {
        try (Server server = system().start(PASSWORD)) {
            String wrong = system().uri(server, STORE, server.port(), "incorrect");
            assertThatThrownBy(() -> open(wrong))
                    .isInstanceOf(KvException.Unavailable.class)
                    .hasMessageContaining("password")
                    .message()
                    .doesNotContain("incorrect");

            String user = wrong.substring(wrong.indexOf("//") + 2, wrong.lastIndexOf(':', wrong.indexOf('@')));
            Kvist.open(wrong, Options.defaults().credentials(user, PASSWORD)).close();
        }
    }

    @Test
    void aHostThatNobodyKnowsIsUnavailable() {
        String uri = uri().replace(Server.HOST, "nobody.invalid");

        assertThatThrownBy(() -> open(uri))
                .isInstanceOf(KvException.Unavailable.class)
                .hasMessageContaining("nobody.invalid");
    }

    @Test
    void anUnknownParameterNamesTheKnownOnes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> open(uri() + "&colour=red"))
                .withMessageContaining("\"colour\" is unknown")
                .withMessageContaining("It takes ");
    }

    @Test
    void withoutItsDriverASystemSaysWhatToAdd() throws Exception {
        Class<?> kvist = new WithoutDriver(system().driver()).loadClass(Kvist.class.getName());

        assertThatThrownBy(() -> kvist.getMethod("open", String.class).invoke(null, uri()))
                .isInstanceOf(InvocationTargetException.class)
                .cause()
                .hasMessageContaining("not on the class path")
                .hasMessageContaining(system().dependency())
                .extracting(failure -> failure.getClass().getName())
                .isEqualTo(KvException.Unsupported.class.getName());
    }

    @Test
    void onlyACertificateThatSomebodyVouchesForIsAccepted() {
        Certificate certificate = Certificate.ofThisMachine(directory);
        Certificate other = Certificate.ofThisMachine(directory);
        try (Server server = system().start(certificate)) {
            try (KvStore store = open(system().uri(server, STORE, certificate.authority()))) {
                store.in(WORDS).put("k", "v");
                assertThat(store.in(WORDS).get("k")).contains("v");
            }

            requireNotTrusted(system().uri(server, STORE, other.authority()));
        }
    }

    @Test
    void aCertificateOfAnotherMachineIsRefused() {
        Certificate certificate = Certificate.ofAnotherMachine(directory);
        try (Server server = system().start(certificate)) {
            requireNotTrusted(system().uri(server, STORE, certificate.authority()));
        }
    }

    @Test
    void aCertificateOfYesterdayIsRefused() {
        Certificate certificate = Certificate.ofYesterday(directory);
        try (Server server = system().start(certificate)) {
            requireNotTrusted(system().uri(server, STORE, certificate.authority()));
        }
    }

    @Test
    void aServerWithoutTlsIsRefusedWhereItIsAskedFor() {
        Path authority = Certificate.ofThisMachine(directory).authority();

        assertThatThrownBy(() -> open(system().uri(Objects.requireNonNull(plain), STORE, authority)))
                .isInstanceOf(KvException.Unavailable.class);
    }

    private static void requireNotTrusted(String uri) {
        assertThatThrownBy(() -> open(uri))
                .isInstanceOf(KvException.Unavailable.class)
                .hasMessageContaining("certificate");
    }

    @Test
    void aServerWithoutConnectionsLeftIsUnavailableUntilThereAreSome() {
        try (Server server = system().start(12)) {
            String uri = system().uri(server, STORE, server.port());
            List<KvStore> stores = new ArrayList<>();
            stores.add(Kvist.open(uri));
            Told told = Told.of(() -> {
                while (stores.size() < 20) {
                    stores.add(open(uri));
                    stores.get(stores.size() - 1).in(WORDS).get("k");
                }
            });
            assertThat(told.failure())
                    .isInstanceOf(KvException.Unavailable.class)
                    .hasMessageContaining("connections");

            for (KvStore store : stores) {
                store.close();
            }

            RemoteContract.await(
                    "there are connections again",
                    () -> Told.of(() -> open(uri).close()).typed().isAcknowledged());
        }
    }

    @Test
    void aServerThatTakesNoWritesSaysSoAndServesReads() {
        Server server = Objects.requireNonNull(plain);
        try (KvStore store = open(uri())) {
            store.in(WORDS).put("k", "v");
            system().refuseWrites(server, true);
            RemoteContract.await(
                    "writes are refused",
                    () -> !Told.of(() -> store.in(WORDS).put("k", "v")).typed().isAcknowledged());

            assertThatThrownBy(() -> store.in(WORDS).put("k", "w"))
                    .isInstanceOf(KvException.Unavailable.class)
                    .hasMessageContaining("replica");
            assertThat(store.in(WORDS).get("k")).contains("v");

            system().refuseWrites(server, false);
            RemoteContract.await(
                    "writes are taken again",
                    () -> Told.of(() -> store.in(WORDS).put("k", "x")).typed().isAcknowledged());
            assertThat(store.in(WORDS).get("k")).contains("x");
        }
    }

    @Test
    void aKeyMayBeAsLongAsTheLimitAndNoLonger() {
        try (KvStore store = open(uri())) {
            int limit = store.capabilities().limits().keyBytes();
            store.in(BYTES).put(new byte[limit], new byte[1]);

            assertThatThrownBy(() -> store.in(BYTES).put(new byte[limit + 1], new byte[1]))
                    .isInstanceOf(KvException.LimitExceeded.class);
            assertThat(store.in(BYTES).count()).isEqualTo(1);
            assertThat(store.in(BYTES).contains(new byte[limit])).isTrue();
        }
    }

    private static KvStore open(String uri) {
        return Kvist.open(uri, Options.defaults().timeout(TIMEOUT));
    }
}
