// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import io.github.kvist.api.Index;
import io.github.kvist.api.Pair;
import io.github.kvist.api.Table;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.time.Instant;

/** What the demo keeps: an application's definitions look like these. */
final class DemoTables {
    static final Index<JdkClass, String> BY_SUPERCLASS = Index.of("by_superclass", Keys.string(), JdkClass::superclass);

    static final Index<JdkClass, Integer> BY_SIZE = Index.of("by_size", Keys.int32(), JdkClass::sizeBytes);

    static final Index<JdkClass, String> BY_INTERFACE =
            Index.multi("by_interface", Keys.string(), JdkClass::interfaces);

    /** By their names. */
    static final Table<String, JdkClass> CLASSES = Table.of("classes", Keys.string(), Values.json(JdkClass.class))
            .with(BY_SUPERCLASS)
            .with(BY_SIZE)
            .with(BY_INTERFACE);

    /** What is in a table as a whole, by the table's name; written in the transaction that completes it. */
    static final Table<String, Load> LOADS = Table.of("loads", Keys.string(), Values.json(Load.class));

    /** The table of the load that is killed: by the number of the loading transaction and the name of the class. */
    static final Table<Pair<Integer, String>, JdkClass> KILLED = Table.of(
                    "killed_load", Keys.tuple(Keys.int32(), Keys.string()), Values.json(JdkClass.class))
            .with(BY_SUPERCLASS);

    private DemoTables() {}

    /**
     * A load that came to its end.
     *
     * @param jdk whose classes they are
     * @param classes how many there are
     */
    record Load(String jdk, long classes, Instant at) {}
}
