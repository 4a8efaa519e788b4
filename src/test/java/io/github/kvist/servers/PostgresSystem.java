// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.servers;

import java.nio.file.Path;

/**
 * PostgreSQL. It does not sync here: a kill takes nothing that was handed to the operating system, and a start after a kill would
 * sync the whole data directory.
 */
final class PostgresSystem implements RemoteSystem {

    private static final String NO_SYNC = "fsync = off";

    @Override
    public Server start() {
        return Servers.newPostgres(NO_SYNC);
    }

    @Override
    public Server start(String password) {
        return PostgresServer.startWithPassword(password, NO_SYNC);
    }

    @Override
    public Server start(Certificate certificate) {
        return PostgresServer.startWithTls(certificate, NO_SYNC);
    }

    @Override
    public Server start(int connections) {
        return Servers.newPostgres(
                NO_SYNC,
                "max_connections = " + connections,
                "superuser_reserved_connections = 0",
                "reserved_connections = 0",
                "max_wal_senders = 0");
    }

    @Override
    public String uri(Server server, String store, int port) {
        return ((PostgresServer) server).uri(store, port);
    }

    @Override
    public String uri(Server server, String store, int port, String password) {
        return ((PostgresServer) server).uri(store, port, password);
    }

    @Override
    public String uri(Server server, String store, Path authorities) {
        return uri(server, store, server.port())
                .replace("sslmode=disable", "sslmode=verify-full&sslrootcert=" + authorities);
    }

    @Override
    public void refuseWrites(Server server, boolean refused) {
        ((PostgresServer) server).set("default_transaction_read_only = " + (refused ? "on" : "off"));
    }

    @Override
    public int throwOut(Server server) {
        return ((PostgresServer) server).throwOut();
    }

    @Override
    public String driver() {
        return "org.postgresql.";
    }

    @Override
    public String dependency() {
        return "org.postgresql:postgresql";
    }
}
