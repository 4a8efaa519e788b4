// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The Redis of this machine, or another server that takes its configuration: {@code -Dkvist.redis=valkey-server}. */
public final class RedisServer extends Server {

    private final Path program;

    private RedisServer(Path program, Path directory) {
        super(directory);
        this.program = program;
    }

    static RedisServer start(String... settings) {
        return start(List.of(settings), "port", temporaryDirectory("redis"));
    }

    /** One whose directory lies in memory, if this machine has such: it survives a kill, and no sync has to wait for a disk. */
    static RedisServer startInMemory(String... settings) {
        return start(List.of(settings), "port", temporaryDirectoryInMemory("redis"));
    }

    /**
     * One that speaks TLS and nothing else, to clients without certificates.
     *
     * @param settings lines of its configuration
     */
    public static RedisServer startWithTls(Certificate certificate, String... settings) {
        List<String> all = new ArrayList<>(List.of(
                "port 0",
                "tls-cert-file " + certificate.pem(),
                "tls-key-file " + certificate.key(),
                "tls-ca-cert-file " + certificate.pem(),
                "tls-auth-clients no"));
        all.addAll(List.of(settings));
        return start(all, "tls-port", temporaryDirectory("redis"));
    }

    private static RedisServer start(List<String> settings, String port, Path directory) {
        String name = System.getProperty("kvist.redis", "redis-server");
        Path program = Commands.find(name)
                .orElseThrow(
                        () -> Servers.missing("Redis", name + " is not installed; install the package redis-server."));
        RedisServer server = new RedisServer(program, directory);
        try {
            List<String> all = new ArrayList<>(List.of(
                    "bind " + HOST,
                    port + " " + server.port(),
                    "dir " + server.directory(),
                    "save \"\"",
                    "appendonly no"));
            all.addAll(settings);
            Files.write(server.configuration(), all);
            server.launch();
            return server;
        } catch (IOException cause) {
            server.close();
            throw new UncheckedIOException(cause);
        } catch (Throwable failed) {
            server.close();
            throw failed;
        }
    }

    /** For {@code Kvist.open}: a store of a name, without TLS. */
    public String uri(String prefix) {
        return uri(prefix, port());
    }

    /** The same by way of another port of this machine. */
    public String uri(String prefix, int port) {
        return "redis://" + HOST + ":" + port + "?prefix=" + prefix;
    }

    /** The same with a password for the default user, which the setting {@code requirepass} gives it. */
    public String uri(String prefix, int port, String password) {
        return "redis://default:" + password + "@" + HOST + ":" + port + "?prefix=" + prefix;
    }

    /** Asks it something over a connection without TLS, and returns the answer as text, lists in lines. */
    public String ask(String... words) {
        return RedisLine.ask(port(), words);
    }

    private Path configuration() {
        return directory().resolve("redis.conf");
    }

    @Override
    List<String> command() {
        return List.of(program.toString(), configuration().toString());
    }

    @Override
    String readyLine() {
        return "Ready to accept connections";
    }

    @Override
    String stopSignal() {
        return "TERM";
    }
}
