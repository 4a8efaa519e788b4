// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Through the proxy to a server that answers every four letters with the same four. */
@Timeout(60)
class ProxyTest {

    private static final int LENGTH = 4;

    private final List<String> arrived = new CopyOnWriteArrayList<>();
    private ServerSocket echo;
    private Proxy proxy;

    @BeforeEach
    void open() throws IOException {
        echo = new ServerSocket(0, 10, InetAddress.getByName(Server.HOST));
        ProxyLine.startThread("echo", this::serve);
        proxy = Proxy.to(echo.getLocalPort());
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
        echo.close();
    }

    @Test
    void whatIsWholePasses() throws IOException {
        try (Socket client = connect()) {
            assertThat(ask(client, "ping")).isEqualTo("ping");
            assertThat(ask(client, "pong")).isEqualTo("pong");
        }
        assertThat(proxy.requests()).isEqualTo(2);
    }

    @Test
    void aRequestThatIsCutBeforeNeverArrives() throws IOException {
        proxy.onRequest("bad!", 1, Proxy.Fault.CUT_BEFORE);
        try (Socket client = connect()) {
            assertThat(ask(client, "good")).isEqualTo("good");
            assertThat(ask(client, "bad!")).isEmpty();
        }

        try (Socket client = connect()) {
            assertThat(ask(client, "bad!")).as("the rule was for one").isEqualTo("bad!");
        }
        assertThat(arrived).containsExactly("good", "bad!");
    }

    @Test
    void aRequestThatIsCutAfterArrives() throws IOException {
        proxy.onRequest("bad!", 2, Proxy.Fault.CUT_AFTER);
        for (int i = 0; i < 2; i++) {
            try (Socket client = connect()) {
                assertThat(ask(client, "bad!")).isEmpty();
            }
        }
        assertThat(arrived).containsExactly("bad!", "bad!");
    }

    @Test
    void aLostReplyLeavesTheConnectionOpenAndSilent() throws IOException {
        proxy.onRequest("bad!", 1, Proxy.Fault.LOSE_REPLY);
        try (Socket client = connect()) {
            client.setSoTimeout(100);
            assertThatThrownBy(() -> ask(client, "bad!")).isInstanceOf(SocketTimeoutException.class);
        }
        assertThat(arrived).containsExactly("bad!");
    }

    @Test
    void aRequestIsFoundByItsTextInHexadecimalToo() throws IOException {
        proxy.onRequest("no", 1, Proxy.Fault.CUT_BEFORE);
        try (Socket client = connect()) {
            assertThat(ask(client, "6e6f")).isEmpty();
        }
    }

    @Test
    void whatIsHeldArrivesWhenItIsReleasedThoughItsClientIsGone() throws Exception {
        proxy.onRequest("late", 1, Proxy.Fault.HOLD);
        try (Socket client = connect()) {
            client.setSoTimeout(100);
            assertThatThrownBy(() -> ask(client, "late")).isInstanceOf(SocketTimeoutException.class);
        }
        assertThat(arrived).isEmpty();

        proxy.release();

        assertThat(arrived).containsExactly("late");
    }

    @Test
    void silenceEndsWhenTheLineIsHealed() throws IOException {
        try (Socket client = connect()) {
            proxy.silence();
            client.setSoTimeout(100);
            assertThatThrownBy(() -> ask(client, "ping")).isInstanceOf(SocketTimeoutException.class);

            proxy.heal();

            client.setSoTimeout(10_000);
            assertThat(read(client)).isEqualTo("ping");
        }
    }

    @Test
    void refusedClientsFindTheConnectionClosed() throws IOException {
        proxy.refuse();
        try (Socket client = connect()) {
            assertThat(ask(client, "ping")).isEmpty();
        }

        proxy.heal();

        try (Socket client = connect()) {
            assertThat(ask(client, "ping")).isEqualTo("ping");
        }
    }

    @Test
    void aDelayIsWaitedForInBothDirections() throws IOException {
        proxy.delay(Duration.ofMillis(50));
        try (Socket client = connect()) {
            long before = System.nanoTime();
            assertThat(ask(client, "ping")).isEqualTo("ping");

            assertThat(System.nanoTime() - before)
                    .isGreaterThan(Duration.ofMillis(100).toNanos());
        }
    }

    @Test
    void someRequestsAreHitAndOthersNot() throws IOException {
        proxy.onSome(2, 1, Proxy.Fault.CUT_BEFORE);
        int answered = 0;
        for (int i = 0; i < 40; i++) {
            try (Socket client = connect()) {
                answered += ask(client, "ping").length() / LENGTH;
            }
        }
        assertThat(answered).isBetween(5, 35);
    }

    private Socket connect() throws IOException {
        return new Socket(Server.HOST, proxy.port());
    }

    private static String ask(Socket client, String text) throws IOException {
        try {
            client.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            return read(client);
        } catch (SocketException reset) {
            return "";
        }
    }

    private static String read(Socket client) throws IOException {
        return new String(client.getInputStream().readNBytes(LENGTH), StandardCharsets.UTF_8);
    }

    private void serve() {
        while (!echo.isClosed()) {
            try {
                Socket client = echo.accept();
                ProxyLine.startThread("echo-client", () -> answer(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void answer(Socket client) {
        try (client) {
            for (byte[] text = client.getInputStream().readNBytes(LENGTH);
                    text.length == LENGTH;
                    text = client.getInputStream().readNBytes(LENGTH)) {
                arrived.add(new String(text, StandardCharsets.UTF_8));
                client.getOutputStream().write(text);
            }
        } catch (IOException gone) {
            // The client's side of the test tells.
        }
    }
}
