// SPDX-License-Identifier: Apache-2.0
package io.github.kvist;

import io.github.kvist.api.Durability;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.backend.file.FileStorage;
import io.github.kvist.testkit.KvStoreContract;
import io.github.kvist.testkit.StoreHome;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** What every store promises, kept in files. What a sync adds is tested where it is the subject. */
final class FileStoreTest extends KvStoreContract {

    @TempDir
    private Path directory;

    private int homes;

    @Override
    protected StoreHome newHome() {
        Path own = directory.resolve("store" + homes++);
        return new StoreHome() {
            @Override
            public KvStore open(Options options) {
                return Kvist.open(new FileStorage(own), options.durability(Durability.OS));
            }
        };
    }
}
