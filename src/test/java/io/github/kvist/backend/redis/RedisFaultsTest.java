// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.redis;

import io.github.kvist.servers.RemoteFaultsContract;
import io.github.kvist.servers.RemoteSystem;

/** What a store in Redis promises when the line or the server fails. */
final class RedisFaultsTest extends RemoteFaultsContract {

    @Override
    protected RemoteSystem system() {
        return RemoteSystem.redis();
    }
}
