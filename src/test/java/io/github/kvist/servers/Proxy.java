// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A port of this machine that leads to a server's, and a line that can be broken on the way. Safe for any number of threads.
 *
 * <p>A <i>request</i> is what a client sends until the server answers, as far as 8 KB of it: drivers hand over at least as much at once.
 * A request is told from others by a text that it holds, as it is or in hexadecimal digits, so that a test marks the one that it is
 * about by a key or a value.
 */
public final class Proxy implements AutoCloseable {

    private final int target;
    private final ServerSocket door;
    private final Set<ProxyLine> lines = ConcurrentHashMap.newKeySet();
    private final List<ProxyRule> rules = new CopyOnWriteArrayList<>();
    private final AtomicLong requests = new AtomicLong();

    private volatile boolean isRefusing;
    private volatile boolean isSilent;
    private volatile Duration delay = Duration.ZERO;

    private Proxy(int target, ServerSocket door) {
        this.target = target;
        this.door = door;
    }

    /** Opens a line to a port of this machine, whole for now. */
    public static Proxy to(int port) {
        try {
            Proxy proxy = new Proxy(port, new ServerSocket(0, 100, InetAddress.getByName(Server.HOST)));
            ProxyLine.startThread("proxy-door", proxy::welcome);
            return proxy;
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    public int port() {
        return door.getLocalPort();
    }

    /** How many requests came from clients so far, those that were cut off too. */
    public long requests() {
        return requests.get();
    }

    /** All that passes waits so long, in either direction. */
    public void delay(Duration each) {
        delay = each;
    }

    /** Connections are accepted, and nothing passes any more in either direction; what is sent meanwhile arrives after {@link #heal}. */
    public void silence() {
        isSilent = true;
    }

    /** New connections are closed at once. */
    public void refuse() {
        isRefusing = true;
    }

    /** Closes all connections of now. */
    public void cut() {
        lines.forEach(ProxyLine::close);
    }

    /** Does so to the next {@code times} requests that hold {@code text}. */
    public void onRequest(String text, int times, Fault fault) {
        byte[] mark = text.getBytes(StandardCharsets.UTF_8);
        rules.add(new ProxyRule(bytes -> ProxyRule.holds(bytes, mark), times, fault));
    }

    /** Does so to one request in {@code each}, by chance. */
    public void onSome(int each, long seed, Fault fault) {
        Random random = new Random(seed);
        rules.add(new ProxyRule(bytes -> random.nextInt(each) == 0, Integer.MAX_VALUE, fault));
    }

    /** Lets everything pass from now on. What is {@link Fault#HOLD held} stays so. */
    public void heal() {
        rules.clear();
        delay = Duration.ZERO;
        isRefusing = false;
        isSilent = false;
        lines.forEach(ProxyLine::wake);
    }

    /** Sends on what was {@link Fault#HOLD held}, whether or not its client still waits, and returns when the server answered. */
    public void release() throws InterruptedException {
        for (ProxyLine line : lines) {
            line.release();
        }
    }

    /** What happens to a request. */
    public enum Fault {
        /** It never arrives, and the connection is gone. */
        CUT_BEFORE,
        /** It arrives and is answered; then the connection is gone without the answer. */
        CUT_AFTER,
        /** It arrives; no answer ever comes, on a connection that stays. */
        LOSE_REPLY,
        /** It does not arrive before {@link Proxy#release}. */
        HOLD
    }

    private void welcome() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                if (isRefusing) {
                    client.close();
                    continue;
                }
                connect(client);
            } catch (IOException closed) {
                // The loop looks whether it was the door; else it was one client.
            }
        }
    }

    private void connect(Socket client) throws IOException {
        try {
            ProxyLine line = new ProxyLine(this, client, new Socket(Server.HOST, target));
            lines.add(line);
            line.start();
        } catch (IOException unreachable) {
            client.close();
        }
    }

    @Nullable
    Fault faultOf(byte[] request) {
        for (ProxyRule rule : rules) {
            if (rule.takes(request)) {
                return rule.fault();
            }
        }
        return null;
    }

    void requestBegan() {
        requests.incrementAndGet();
    }

    boolean isSilent() {
        return isSilent;
    }

    Duration delay() {
        return delay;
    }

    void forget(ProxyLine line) {
        lines.remove(line);
    }

    @Override
    public void close() {
        try {
            door.close();
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        } finally {
            cut();
        }
    }
}
