// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.kvist.api.Capabilities.Support;
import io.github.kvist.api.Capability;
import io.github.kvist.api.KvException;
import io.github.kvist.api.Snapshot;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What a store says that it cannot do, it refuses, and does nothing. */
abstract class MissingCapabilitiesContract extends StoreContract {

    private void assumeMissing(Capability capability) {
        assumeTrue(store.capabilities().of(capability) == Support.NONE, "this store can do it");
    }

    private static void assertUnsupported(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(KvException.Unsupported.class);
    }

    @Test
    void forksAndMerges() {
        assumeMissing(Capability.FORK);
        try (Snapshot snapshot = store.snapshot()) {
            assertUnsupported(snapshot::fork);
            assertUnsupported(() -> store.merge(store));
        }
    }

    @Test
    void differences() {
        assumeMissing(Capability.DIFF);
        try (Snapshot snapshot = store.snapshot()) {
            assertUnsupported(() -> store.diff(snapshot, snapshot));
        }
    }

    @Test
    void images() {
        assumeMissing(Capability.IMAGES);
        try (Snapshot snapshot = store.snapshot()) {
            assertUnsupported(() -> snapshot.writeTo(new ByteArrayOutputStream()));
        }
        assertUnsupported(() -> store.admin().backup(Path.of("no-backup-here")));
        assertUnsupported(() -> store.admin().restore(Path.of("no-backup-here")));
        assertUnsupported(() -> store.admin().restore(InputStream.nullInputStream(), true));
    }
}
