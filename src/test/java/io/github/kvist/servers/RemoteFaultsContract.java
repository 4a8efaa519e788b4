// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.servers;

import org.junit.jupiter.api.Nested;

/**
 * What a store on the network promises when the line or the server fails: every call ends in time and with a typed error, what was
 * acknowledged is there, and nothing happened twice. Extend it and say how to start the server; name the class so that it ends in
 * {@code Test}.
 */
public abstract class RemoteFaultsContract {

    protected abstract RemoteSystem system();

    @Nested
    class Deadlines extends RemoteDeadlinesContract {
        @Override
        RemoteSystem system() {
            return RemoteFaultsContract.this.system();
        }
    }

    @Nested
    class Commits extends RemoteCommitsContract {
        @Override
        RemoteSystem system() {
            return RemoteFaultsContract.this.system();
        }
    }

    @Nested
    class Kills extends RemoteKillsContract {
        @Override
        RemoteSystem system() {
            return RemoteFaultsContract.this.system();
        }
    }

    @Nested
    class Secrets extends SecretsContract {
        @Override
        RemoteSystem system() {
            return RemoteFaultsContract.this.system();
        }
    }

    @Nested
    class Refusals extends RefusalsContract {
        @Override
        RemoteSystem system() {
            return RemoteFaultsContract.this.system();
        }
    }
}
