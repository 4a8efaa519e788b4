// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.servers;

import java.nio.file.Path;

/** Redis; it syncs each write before it answers. */
final class RedisSystem implements RemoteSystem {

    @Override
    public Server start() {
        return Servers.newDurableRedis();
    }

    @Override
    public Server start(String password) {
        return Servers.newDurableRedis("requirepass " + password);
    }

    @Override
    public Server start(Certificate certificate) {
        return RedisServer.startWithTls(certificate);
    }

    @Override
    public Server start(int connections) {
        return Servers.newDurableRedis("maxclients " + connections);
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
    public String driver() {
        return "redis.clients.";
    }

    @Override
    public String dependency() {
        return "redis.clients:jedis";
    }
}
