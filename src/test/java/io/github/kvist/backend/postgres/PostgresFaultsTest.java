// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.postgres;

import io.github.kvist.servers.RemoteFaultsContract;
import io.github.kvist.servers.RemoteSystem;

/** What a store in PostgreSQL promises when the line or the server fails. */
final class PostgresFaultsTest extends RemoteFaultsContract {

    @Override
    protected RemoteSystem system() {
        return RemoteSystem.postgres();
    }
}
