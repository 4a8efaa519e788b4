// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.servers;

/** What the tests of faults have to know of a kind of system. */
public interface RemoteSystem {

    /** A server of the caller's own, from which a kill takes nothing that it has acknowledged. */
    Server start();

    /** A server of the caller's own that asks for this password. */
    Server start(String password);

    /** The address of a store on a server, by way of a port of this machine, without TLS. */
    String uri(Server server, String store, int port);

    /** The same with a password that may be wrong. */
    String uri(Server server, String store, int port, String password);

    /**
     * PostgreSQL, each store in a schema. It does not sync: a kill takes nothing that was handed to the operating system, and
     * a start after a kill would sync the whole data directory.
     */
    static RemoteSystem postgres() {
        return new RemoteSystem() {
            @Override
            public Server start() {
                return Servers.newPostgres("fsync = off");
            }

            @Override
            public Server start(String password) {
                return PostgresServer.startWithPassword(password);
            }

            @Override
            public String uri(Server server, String store, int port) {
                return ((PostgresServer) server).uri(store, port);
            }

            @Override
            public String uri(Server server, String store, int port, String password) {
                return ((PostgresServer) server).uri(store, port, password);
            }
        };
    }

    /** Redis, durable, each store under a prefix. */
    static RemoteSystem redis() {
        return new RemoteSystem() {
            @Override
            public Server start() {
                return Servers.newDurableRedis();
            }

            @Override
            public Server start(String password) {
                return Servers.newDurableRedis("requirepass " + password);
            }

            @Override
            public String uri(Server server, String store, int port) {
                return ((RedisServer) server).uri(store, port);
            }

            @Override
            public String uri(Server server, String store, int port, String password) {
                return ((RedisServer) server).uri(store, port, password);
            }
        };
    }
}
