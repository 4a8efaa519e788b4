// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.servers;

import java.nio.file.Path;

/** Redis; it syncs each write before it answers, to a directory in memory: a disk that is busy would fail the deadlines. */
final class RedisSystem implements RemoteSystem {

    private static final String[] DURABLE = {"appendonly yes", "appendfsync always"};

    private static String[] with(String setting) {
        return new String[] {DURABLE[0], DURABLE[1], setting};
    }

    @Override
    public Server start() {
        return RedisServer.startInMemory(DURABLE);
    }

    @Override
    public Server start(String password) {
        return RedisServer.startInMemory(with("requirepass " + password));
    }

    @Override
    public Server start(Certificate certificate) {
        return RedisServer.startWithTls(certificate);
    }

    @Override
    public Server start(int connections) {
        return RedisServer.startInMemory(with("maxclients " + connections));
    }

    @Override
    public String uri(Server server, String store, int port) {
        return ((RedisServer) server).uri(store, port);
    }

    @Override
    public String uri(Server server, String store, int port, String password) {
        return ((RedisServer) server).uri(store, port, password);
    }

    @Override
    public String uri(Server server, String store, Path authorities) {
        return uri(server, store, server.port()).replace("redis:", "rediss:") + "&cacert=" + authorities;
    }

    @Override
    public void refuseWrites(Server server, boolean refused) {
        // A replica of a primary that is away refuses writes and serves what it has.
        String[] command =
                refused ? new String[] {"REPLICAOF", Server.HOST, "1"} : new String[] {"REPLICAOF", "NO", "ONE"};
        ((RedisServer) server).ask(command);
    }

    @Override
    public int throwOut(Server server) {
        return Integer.parseInt(((RedisServer) server).ask("CLIENT", "KILL", "TYPE", "normal"));
    }

    @Override
    public String driver() {
        return "redis.clients.";
    }

    @Override
    public String dependency() {
        return "redis.clients:jedis";
    }
}
