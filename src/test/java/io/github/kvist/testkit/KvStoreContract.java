// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import org.junit.jupiter.api.Nested;

/**
 * What every store promises, whatever keeps its data. Extend it and say how to open a store; name the class so that it ends
 * in {@code Test}.
 */
public abstract class KvStoreContract {

    /** A new, empty home; each test closes its own. */
    protected abstract StoreHome newHome();

    @Nested
    class BasicOperations extends BasicOperationsContract {
        @Override
        StoreHome newHome() {
            return KvStoreContract.this.newHome();
        }
    }

    @Nested
    class Ranges extends RangesContract {
        @Override
        StoreHome newHome() {
            return KvStoreContract.this.newHome();
        }
    }

    @Nested
    class Pages extends PagesContract {
        @Override
        StoreHome newHome() {
            return KvStoreContract.this.newHome();
        }
    }

    @Nested
    class Transactions extends TransactionsContract {
        @Override
        StoreHome newHome() {
            return KvStoreContract.this.newHome();
        }
    }

    @Nested
    class Savepoints extends SavepointsContract {
        @Override
        StoreHome newHome() {
            return KvStoreContract.this.newHome();
        }
    }

    @Nested
    class Indexes extends IndexesContract {
        @Override
        StoreHome newHome() {
            return KvStoreContract.this.newHome();
        }
    }

    @Nested
    class IndexModel extends IndexModelContract {
        @Override
        StoreHome newHome() {
            return KvStoreContract.this.newHome();
        }
    }

    @Nested
    class CompareAndSet extends CompareAndSetContract {
        @Override
        StoreHome newHome() {
            return KvStoreContract.this.newHome();
        }
    }

    @Nested
    class Definitions extends DefinitionsContract {
        @Override
        StoreHome newHome() {
            return KvStoreContract.this.newHome();
        }
    }

    @Nested
    class Limits extends LimitsContract {
        @Override
        StoreHome newHome() {
            return KvStoreContract.this.newHome();
        }
    }

    @Nested
    class Errors extends ErrorsContract {
        @Override
        StoreHome newHome() {
            return KvStoreContract.this.newHome();
        }
    }

    @Nested
    class Threads extends ThreadsContract {
        @Override
        StoreHome newHome() {
            return KvStoreContract.this.newHome();
        }
    }

    @Nested
    class Forks extends ForkContract {
        @Override
        StoreHome newHome() {
            return KvStoreContract.this.newHome();
        }
    }

    @Nested
    class Expiring extends ExpiryContract {
        @Override
        StoreHome newHome() {
            return KvStoreContract.this.newHome();
        }
    }

    @Nested
    class Merges extends MergeContract {
        @Override
        StoreHome newHome() {
            return KvStoreContract.this.newHome();
        }
    }

    @Nested
    class Diffs extends DiffContract {
        @Override
        StoreHome newHome() {
            return KvStoreContract.this.newHome();
        }
    }

    @Nested
    class Images extends ImageContract {
        @Override
        StoreHome newHome() {
            return KvStoreContract.this.newHome();
        }
    }

    @Nested
    class Backups extends BackupContract {
        @Override
        StoreHome newHome() {
            return KvStoreContract.this.newHome();
        }
    }

    @Nested
    class LinesOfJson extends JsonLinesContract {
        @Override
        StoreHome newHome() {
            return KvStoreContract.this.newHome();
        }
    }

    @Nested
    class Watches extends WatchContract {
        @Override
        StoreHome newHome() {
            return KvStoreContract.this.newHome();
        }
    }

    @Nested
    class Histories extends HistoryContract {
        @Override
        StoreHome newHome() {
            return KvStoreContract.this.newHome();
        }
    }

    @Nested
    class MissingCapabilities extends MissingCapabilitiesContract {
        @Override
        StoreHome newHome() {
            return KvStoreContract.this.newHome();
        }
    }
}
