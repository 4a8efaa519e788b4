// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ServersTest {

    /** What a client of PostgreSQL sends to ask for TLS; the answer is one byte. */
    private static final byte[] SSL_REQUEST = {0, 0, 0, 8, 4, (byte) 0xd2, 0x16, 0x2f};

    @TempDir
    private Path directory;

    @Test
    void theSharedServersAreStartedOnce() {
        assertThat(Servers.redis()).isSameAs(Servers.redis());
        assertThat(Servers.postgres()).isSameAs(Servers.postgres());
        assertThat(Servers.redis().ask("PING")).isEqualTo("PONG");
        assertThat(firstByte(Servers.postgres().port())).isEqualTo('N');
    }

    @Test
    void aDurableRedisKeepsItsDataThroughAKill() {
        try (RedisServer redis = Servers.newDurableRedis()) {
            redis.ask("SET", "k", "v");

            redis.kill();
            assertThatThrownBy(() -> redis.ask("PING")).isInstanceOf(UncheckedIOException.class);
            redis.restart();

            assertThat(redis.ask("GET", "k")).isEqualTo("v");
        }
    }

    @Test
    void aPausedServerAnswersAfterItIsResumed() throws IOException {
        try (RedisServer redis = Servers.newRedis();
                Socket socket = new Socket(Server.HOST, redis.port())) {
            socket.setSoTimeout(100);
            redis.pause();
            socket.getOutputStream().write("PING\r\n".getBytes());
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);

            redis.resume();

            socket.setSoTimeout(10_000);
            assertThat(socket.getInputStream().read()).isEqualTo('+');
        }
    }

    @Test
    void postgresComesBackAfterAKillAtTheSamePort() {
        try (PostgresServer postgres = Servers.newPostgres()) {
            postgres.kill();
            assertThatThrownBy(() -> firstByte(postgres.port())).isInstanceOf(UncheckedIOException.class);
            postgres.restart();

            assertThat(firstByte(postgres.port())).isEqualTo('N');
        }
    }

    @Test
    void postgresAnswersWithTlsOnceItHasACertificate() {
        try (PostgresServer postgres = PostgresServer.startWithTls(Certificate.ofThisMachine(directory))) {
            assertThat(firstByte(postgres.port())).isEqualTo('S');
        }
    }

    @Test
    void redisWithTlsIsTrustedByWhoKnowsItsCertificate() throws Exception {
        Certificate certificate = Certificate.ofThisMachine(directory);
        try (RedisServer redis = RedisServer.startWithTls(certificate)) {
            handshake(redis, certificate);

            assertThatThrownBy(() -> handshake(redis, Certificate.ofThisMachine(directory)))
                    .isInstanceOf(SSLHandshakeException.class);
        }
    }

    @Test
    void aClusterKnowsItsNodes() {
        RedisCluster cluster = Servers.redisCluster();

        assertThat(cluster.nodes()).hasSize(3);
        assertThat(cluster.nodes().get(0).ask("CLUSTER", "INFO")).contains("cluster_slots_ok:16384");
    }

    @Test
    void aClosedServerLeavesNothing() {
        RedisServer redis = Servers.newRedis();
        redis.close();
        redis.close();

        assertThat(redis.directory()).doesNotExist();
        assertThatThrownBy(() -> redis.ask("PING")).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void aServerThatCannotStartSaysWhatItPrinted() {
        assertThatThrownBy(() -> Servers.newRedis("no-such-setting yes"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no-such-setting");
    }

    private static void handshake(RedisServer redis, Certificate trusted) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(trusted.trustStore())) {
            store.load(in, Certificate.STORE_PASSWORD.toCharArray());
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(Server.HOST, redis.port())) {
            socket.startHandshake();
        }
    }

    private static int firstByte(int port) {
        try (Socket socket = new Socket(Server.HOST, port)) {
            socket.getOutputStream().write(SSL_REQUEST);
            return socket.getInputStream().read();
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }
}
