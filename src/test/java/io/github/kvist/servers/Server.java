// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A process that listens on 127.0.0.1, with a temporary directory and a port that it keeps through kills and restarts. One thread at a time
 * handles it.
 */
public abstract sealed class Server implements AutoCloseable permits PostgresServer, RedisServer {

    public static final String HOST = "127.0.0.1";

    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);
    /** Below the ports that a system gives to clients, so that none takes it while the server is down. */
    private static final int PORT_FIRST = 15_000;

    private static final int PORTS = 7_000;
    private static final long MEMORY_BYTES = 512L << 20;
    private static final Random RANDOM = new Random();

    private static final Set<Server> OPEN = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(Server::closeAll, "servers-end"));
    }

    private final Path directory;
    private final int port = freePort();
    private int starts;
    private @Nullable Process process;

    Server(Path directory) {
        this.directory = directory;
        OPEN.add(this);
    }

    abstract List<String> command();

    /** What the log says as soon as clients are served. */
    abstract String readyLine();

    /** By which it ends at once and in order. */
    abstract String stopSignal();

    public final int port() {
        return port;
    }

    /** {@code host:port}. */
    public final String address() {
        return HOST + ":" + port;
    }

    final Path directory() {
        return directory;
    }

    /** Starts it and returns when it serves clients. */
    final void launch() {
        if (process != null && process.isAlive()) {
            throw new IllegalStateException("The server at " + address() + " runs already.");
        }
        long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        while (!launched(deadline)) {
            // After a kill its port or its memory may be in use for a moment.
            if (System.nanoTime() > deadline) {
                kill();
                throw new IllegalStateException("The server at " + address() + " did not start:\n" + log());
            }
        }
    }

    private boolean launched(long deadline) {
        starts++;
        try {
            Process started = new ProcessBuilder(command())
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(logFile().toFile())
                    .start();
            process = started;
            started.getOutputStream().close();
            while (System.nanoTime() < deadline) {
                if (log().contains(readyLine())) {
                    return true;
                }
                if (started.waitFor(5, TimeUnit.MILLISECONDS)) {
                    return started.waitFor(100, TimeUnit.MILLISECONDS) && refusedForGood();
                }
            }
            return false;
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while " + address() + " started.", interrupt);
        }
    }

    private boolean refusedForGood() {
        if (starts == 1) {
            throw new IllegalStateException("The server at " + address() + " ended at once:\n" + log());
        }
        return false;
    }

    private Path logFile() {
        return directory.resolve("log-" + starts + ".txt");
    }

    /** What it has printed since its last start. */
    public final String log() {
        try {
            return Files.exists(logFile()) ? Files.readString(logFile(), StandardCharsets.ISO_8859_1) : "";
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    /** SIGKILL, for all of its processes: what it had not made durable is gone. */
    public final void kill() {
        if (process == null) {
            return;
        }
        List<ProcessHandle> all = processes();
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(Server::awaitEnd);
        awaitExit();
    }

    private boolean awaitExit() {
        boolean interrupted = false;
        try {
            long deadline = System.nanoTime() + STOP_TIMEOUT.toNanos();
            while (process != null && System.nanoTime() < deadline) {
                try {
                    return process.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException interrupt) {
                    interrupted = true;
                }
            }
            return false;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Starts it again after a {@link #kill} or {@link #stop}, at the same port on the same data. */
    public final void restart() {
        launch();
    }

    /** SIGSTOP: connections stay, nobody answers. */
    public final void pause() {
        signal("STOP", processes());
    }

    /** SIGCONT. */
    public final void resume() {
        signal("CONT", processes());
    }

    /** SIGHUP: it reads its configuration again. */
    final void reload() {
        signal("HUP", processes().subList(0, 1));
    }

    /** SIGTERM for some of its processes; returns how many. */
    final int terminate(Predicate<ProcessHandle> which) {
        List<ProcessHandle> chosen = processes().stream().filter(which).toList();
        signal("TERM", chosen);
        return chosen.size();
    }

    /** Ends it in order; its data stay. */
    public final void stop() {
        if (process == null) {
            return;
        }
        List<ProcessHandle> all = processes();
        signal("CONT", all);
        signal(stopSignal(), all.subList(0, 1));
        if (!awaitExit()) {
            kill();
        }
    }

    /** Ends it and deletes its data. A second call does nothing. */
    @Override
    public final void close() {
        if (OPEN.remove(this)) {
            stop();
            delete(directory);
        }
    }

    private static void closeAll() {
        for (Server server : OPEN) {
            server.kill();
            server.close();
        }
    }

    /** The server first: a parent that is gone starts no child any more. */
    private List<ProcessHandle> processes() {
        List<ProcessHandle> all = new ArrayList<>();
        if (process != null) {
            all.add(process.toHandle());
            process.descendants().forEach(all::add);
        }
        return all;
    }

    /** Not by {@code onExit}, which looks at processes that are no children only every other second. */
    private static void awaitEnd(ProcessHandle handle) {
        long deadline = System.nanoTime() + STOP_TIMEOUT.toNanos();
        while (handle.isAlive() && !isBuried(handle) && System.nanoTime() < deadline) {
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
        }
    }

    /** Whether it has ended, and only the first process of the machine has not noticed yet. */
    private static boolean isBuried(ProcessHandle handle) {
        try {
            return Files.readString(Path.of("/proc/" + handle.pid() + "/stat")).contains(") Z ");
        } catch (IOException noSuchFile) {
            return false;
        }
    }

    private static void signal(String name, List<ProcessHandle> handles) {
        if (handles.isEmpty()) {
            return;
        }
        // The shell's own: a command of that name is not installed everywhere.
        StringBuilder line = new StringBuilder("kill -s ").append(name);
        handles.stream()
                .filter(ProcessHandle::isAlive)
                .forEach(handle -> line.append(' ').append(handle.pid()));
        Commands.tryRun(List.of("sh", "-c", line.toString()));
    }

    private static int freePort() {
        for (int attempt = 0; attempt < 1_000; attempt++) {
            int candidate = PORT_FIRST + RANDOM.nextInt(PORTS);
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), candidate));
                return candidate;
            } catch (IOException taken) {
                // The next one.
            }
        }
        throw new IllegalStateException("No port is free from " + PORT_FIRST + " on.");
    }

    static Path temporaryDirectory(String name) {
        try {
            return Files.createTempDirectory("kvist-" + name + "-").toRealPath();
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    static Path temporaryDirectoryInMemory(String name) {
        Path memory = Path.of("/dev/shm");
        try {
            boolean isOfUse =
                    Files.isWritable(memory) && Files.getFileStore(memory).getUsableSpace() > MEMORY_BYTES;
            return isOfUse ? Files.createTempDirectory(memory, "kvist-" + name + "-") : temporaryDirectory(name);
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    static void delete(Path directory) {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }
}
