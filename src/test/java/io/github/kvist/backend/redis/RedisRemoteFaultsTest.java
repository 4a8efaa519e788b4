// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.redis;

import io.github.kvist.servers.RemoteFaultsContract;
import io.github.kvist.servers.RemoteSystem;

class RedisRemoteFaultsTest extends RemoteFaultsContract {

    @Override
    protected RemoteSystem system() {
        return RemoteSystem.redis();
    }
}
