// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.servers;

/** What the tests of faults have to know of a kind of system. */
public interface RemoteSystem {

    /** A server of the caller's own, from which a kill takes nothing that it has acknowledged. */
    Server start();

    /** The address of a store on that server, by way of a port of this machine. */
    String uri(Server server, String store, int port);
}
