// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.servers;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One connection through a {@link Proxy}: a thread for what the client sends, another for what the server answers. */
final class ProxyLine {

    private static final int BUFFER = 64 << 10;
    private static final int REQUEST_MAX = 8 << 10;
    private static final int RELEASE_SECONDS = 30;

    private final Proxy proxy;
    private final Socket client;
    private final Socket server;
    private final CountDownLatch answered = new CountDownLatch(1);

    // Guarded by this.
    private final ByteArrayOutputStream request = new ByteArrayOutputStream();
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();
    private boolean isAnswered = true;
    private Proxy.@Nullable Fault fault;

    ProxyLine(Proxy proxy, Socket client, Socket server) {
        this.proxy = proxy;
        this.client = client;
        this.server = server;
    }

    void start() throws IOException {
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        startThread("proxy-requests", this::passRequests);
        startThread("proxy-answers", this::passAnswers);
    }

    static void startThread(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void passRequests() {
        byte[] buffer = new byte[BUFFER];
        try {
            for (int n = client.getInputStream().read(buffer);
                    n >= 0;
                    n = client.getInputStream().read(buffer)) {
                waitOnTheWay();
                if (arrives(buffer, n)) {
                    server.getOutputStream().write(buffer, 0, n);
                }
            }
            hangUp();
        } catch (IOException broken) {
            hangUp();
        }
    }

    /** A client that is gone takes its connection with it, unless something of it is still on its way. */
    private synchronized void hangUp() {
        if (fault != Proxy.Fault.HOLD) {
            close();
        }
    }

    private synchronized boolean arrives(byte[] bytes, int length) {
        if (isAnswered) {
            isAnswered = false;
            request.reset();
            proxy.requestBegan();
        }
        request.write(bytes, 0, Math.min(length, REQUEST_MAX - Math.min(REQUEST_MAX, request.size())));
        if (fault == null) {
            fault = proxy.faultOf(request.toByteArray());
        }
        if (fault == Proxy.Fault.CUT_BEFORE) {
            close();
        }
        if (fault == Proxy.Fault.HOLD) {
            held.write(bytes, 0, length);
        }
        return fault != Proxy.Fault.CUT_BEFORE && fault != Proxy.Fault.HOLD;
    }

    private void passAnswers() {
        byte[] buffer = new byte[BUFFER];
        try {
            for (int n = server.getInputStream().read(buffer);
                    n >= 0;
                    n = server.getInputStream().read(buffer)) {
                waitOnTheWay();
                if (returns()) {
                    client.getOutputStream().write(Arrays.copyOf(buffer, n));
                }
            }
        } catch (IOException broken) {
            // Either side is gone: so is the other.
        }
        answered.countDown();
        close();
    }

    private synchronized boolean returns() {
        isAnswered = true;
        if (fault == null) {
            return true;
        }
        if (fault == Proxy.Fault.CUT_AFTER) {
            close();
        }
        answered.countDown();
        return false;
    }

    /** Sends on what is held, and waits for the answer, which nobody gets. */
    void release() throws InterruptedException {
        byte[] bytes;
        synchronized (this) {
            if (fault != Proxy.Fault.HOLD || held.size() == 0) {
                return;
            }
            bytes = held.toByteArray();
            held.reset();
        }
        try {
            server.getOutputStream().write(bytes);
            if (!answered.await(RELEASE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("The server did not answer what was released.");
            }
        } catch (IOException gone) {
            throw new IllegalStateException("The server hung up before anything was released.", gone);
        } finally {
            close();
        }
    }

    private void waitOnTheWay() {
        LockSupport.parkNanos(proxy.delay().toNanos());
        synchronized (this) {
            boolean interrupted = false;
            while (proxy.isSilent() && !client.isClosed()) {
                try {
                    wait();
                } catch (InterruptedException ignored) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    synchronized void wake() {
        notifyAll();
    }

    synchronized void close() {
        proxy.forget(this);
        closeQuietly(client);
        closeQuietly(server);
        notifyAll();
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException gone) {
            // It is closed either way.
        }
    }
}
