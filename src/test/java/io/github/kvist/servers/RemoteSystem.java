// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.servers;

import java.nio.file.Path;

/** What the tests of faults have to know of a kind of system. Servers are the caller's own. */
public interface RemoteSystem {

    /** A server from which a kill takes nothing that it has acknowledged. */
    Server start();

    /** A server that asks for this password. */
    Server start(String password);

    /** A server that speaks TLS. */
    Server start(Certificate certificate);

    /** A server that has so many connections for all its clients together. */
    Server start(int connections);

    /** The address of a store on a server, by way of a port of this machine, without TLS. */
    String uri(Server server, String store, int port);

    /** The same with a password that may be wrong. */
    String uri(Server server, String store, int port, String password);

    /** The address of a store on a server with TLS, trusting what is in a file. */
    String uri(Server server, String store, Path authorities);

    /** Lets a running server refuse writes, or take them again, perhaps only after a moment. */
    void refuseWrites(Server server, boolean refused);

    /** Lets a running server end the connections of all its clients, whatever they are doing; returns how many. */
    int throwOut(Server server);

    /** How the packages of its driver begin. */
    String driver();

    /** What to add to a program that has no driver. */
    String dependency();

    /** PostgreSQL, each store in a schema. */
    static RemoteSystem postgres() {
        return new PostgresSystem();
    }

    /** Redis, each store under a prefix. */
    static RemoteSystem redis() {
        return new RedisSystem();
    }
}
