// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What every store promises, whatever keeps its data. Extend it and say how to open a store; name the class so that it ends
 * in {@code Test}.
 *
 * <p>What a store does not claim ({@link io.github.kvist.api.KvStore#capabilities}) is skipped; what it claims must pass. What was run, and
 * what was skipped and why, is listed in a {@link KitReport} at the end.
 */
@ExtendWith(KitObserver.class)
public abstract class KvStoreContract {

    /** A new, empty home in the system under test, beside those given before; each test closes its own. */
    protected abstract StoreHome newHome();

    @Nested
    class BasicOperations extends BasicOperationsContract {}

    @Nested
    class Ranges extends RangesContract {}

    @Nested
    class Boundaries extends BoundariesContract {}

    @Nested
    class Pages extends PagesContract {}

    @Nested
    class Transactions extends TransactionsContract {}

    @Nested
    class Anomalies extends AnomaliesContract {}

    @Nested
    class Histories extends HistoriesContract {}

    @Nested
    class Savepoints extends SavepointsContract {}

    @Nested
    class Indexes extends IndexesContract {}

    @Nested
    class IndexModel extends IndexModelContract {}

    @Nested
    class CompareAndSet extends CompareAndSetContract {}

    @Nested
    class Races extends RacesContract {}

    @Nested
    class Threads extends ThreadsContract {}

    @Nested
    class Programs extends ProgramsContract {}

    @Nested
    class Definitions extends DefinitionsContract {}

    @Nested
    class Names extends NamesContract {}

    @Nested
    class SideBySide extends SideBySideContract {}

    @Nested
    class Sharing extends SharingContract {}

    @Nested
    class Limits extends LimitsContract {}

    @Nested
    class Errors extends ErrorsContract {}

    @Nested
    class Expiring extends ExpiryContract {}

    @Nested
    class Watches extends WatchContract {}

    @Nested
    class WatchesBesideWriters extends WatchesBesideWritersContract {}

    @Nested
    class Past extends HistoryContract {}

    @Nested
    class Forks extends ForkContract {}

    @Nested
    class Merges extends MergeContract {}

    @Nested
    class Diffs extends DiffContract {}

    @Nested
    class Images extends ImageContract {}

    @Nested
    class Backups extends BackupContract {}

    @Nested
    class LinesOfJson extends JsonLinesContract {}

    @Nested
    class MissingCapabilities extends MissingCapabilitiesContract {}
}
