// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.github.kvist.api.Capability;
import io.github.kvist.api.Expiry;
import io.github.kvist.api.KvException;
import io.github.kvist.api.Snapshot;
import io.github.kvist.api.WatchOptions;
import io.github.kvist.api.WriteTransaction;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What a store says that it cannot do, it refuses, and does nothing. */
abstract class MissingCapabilitiesContract extends StoreContract {

    private void assumeMissing(Capability capability) {
        assumeFalse(can(capability), "has " + capability);
    }

    private static void assertUnsupported(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(KvException.Unsupported.class);
    }

    @Test
    void openingNamesAllThatIsMissing() {
        Capability[] missing = Arrays.stream(Capability.values())
                .filter(capability -> !can(capability))
                .toArray(Capability[]::new);
        Capability[] present =
                Arrays.stream(Capability.values()).filter(this::can).toArray(Capability[]::new);

        reopen(options().require(present));
        store.close();

        if (missing.length > 0) {
            assertThatThrownBy(() -> reopen(options().require(Capability.values())))
                    .isInstanceOf(KvException.Unsupported.class)
                    .satisfies(refused -> assertThat(refused.getMessage())
                            .contains(Arrays.stream(missing).map(Enum::name).toArray(String[]::new)));
        }
    }

    @Test
    void snapshots() {
        assumeMissing(Capability.SNAPSHOT_READS);
        assertUnsupported(() -> store.snapshot());
    }

    @Test
    void thePast() {
        assumeMissing(Capability.HISTORY);
        store.in(WORDS).put("a", "1");
        assertUnsupported(() -> store.snapshotAt(store.revision()));
    }

    @Test
    void watches() {
        assumeMissing(Capability.WATCH);
        assertUnsupported(() -> store.watch(WatchOptions.all()));
    }

    @Test
    void savepoints() {
        assumeMissing(Capability.SAVEPOINTS);
        try (WriteTransaction transaction = store.begin()) {
            assertUnsupported(transaction::savepoint);
        }
    }

    @Test
    void deadlines() {
        assumeMissing(Capability.EXPIRY);
        assertUnsupported(() -> store.in(WORDS).put("a", "1", Expiry.after(Duration.ofHours(1))));
        assertThat(store.in(WORDS).count()).isZero();
    }

    @Test
    void forks() {
        assumeMissing(Capability.FORK);
        assertUnsupported(() -> store.merge(store));
        if (can(Capability.SNAPSHOT_READS)) {
            try (Snapshot snapshot = store.snapshot()) {
                assertUnsupported(snapshot::fork);
            }
        }
    }

    @Test
    @Needs(Capability.SNAPSHOT_READS)
    void differences() {
        assumeMissing(Capability.DIFF);
        try (Snapshot snapshot = store.snapshot()) {
            assertUnsupported(() -> store.diff(snapshot, snapshot));
        }
    }

    @Test
    void images() {
        assumeMissing(Capability.IMAGES);
        assertUnsupported(() -> store.admin().backup(Path.of("no-backup-here")));
        assertUnsupported(() -> store.admin().restore(Path.of("no-backup-here")));
        assertUnsupported(() -> store.admin().restore(InputStream.nullInputStream(), true));
        if (can(Capability.SNAPSHOT_READS)) {
            try (Snapshot snapshot = store.snapshot()) {
                assertUnsupported(() -> snapshot.writeTo(new ByteArrayOutputStream()));
            }
        }
    }
}
