// SPDX-License-Identifier: Apache-2.0
package io.github.kvist;

import io.github.kvist.api.Finding;
import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.Recovery;
import io.github.kvist.api.SalvageMode;
import io.github.kvist.api.SalvageReport;
import io.github.kvist.backend.FileSystem;
import io.github.kvist.backend.Remains;
import io.github.kvist.backend.Storage.CheckpointSink;
import io.github.kvist.backend.View;
import io.github.kvist.backend.file.DamagedFiles;
import io.github.kvist.backend.file.FileStorage;
import io.github.kvist.backend.file.NewDirectory;
import io.github.kvist.engine.Engine;
import io.github.kvist.engine.Salvage;
import io.github.kvist.table.SalvagedTables;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Saves what can be saved of a damaged directory into a new one. */
final class StoreSalvage {

    private StoreSalvage() {}

    static SalvageReport run(FileSystem damaged, FileSystem into, SalvageMode mode) {
        NewDirectory target = NewDirectory.in(into);
        Salvage saved;
        List<Finding> findings;
        long newRevision;
        try (Remains remains = DamagedFiles.open(damaged)) {
            saved = mode == SalvageMode.PREFIX ? Salvage.prefixOf(remains) : Salvage.recordsOf(remains);
            findings = new ArrayList<>(saved.findings());
            // Time stands still: what is due is for the store's own clock to say.
            Instant then = Instant.ofEpochMilli(saved.image().millis());
            try (Engine engine =
                    Engine.holding(saved.image(), Options.defaults().clock(() -> then))) {
                if (mode == SalvageMode.RECORDS) {
                    findings.addAll(SalvagedTables.settle(engine, engine.keyspaces()));
                }
                newRevision = write(engine, target);
            }
        }
        long records = records(into, findings);
        return new SalvageReport(
                mode, saved.revision(), saved.newestRevision(), newRevision, records, saved.commitsLeftOut(), findings);
    }

    private static long write(Engine engine, NewDirectory target) {
        try (View view = engine.view()) {
            target.write(view.revision(), sink -> engine.write(view, new SinkStream(sink), (done, total) -> {}));
            return view.revision();
        }
    }

    /** Opens what was written, as anybody would, looks through it, and counts. */
    private static long records(FileSystem written, List<Finding> findings) {
        Options strictly = Options.defaults().recovery(Recovery.STRICT).readOnly();
        try (KvStore store = Kvist.open(new FileStorage(written), strictly)) {
            findings.addAll(store.admin().verify().findings());
            return store.admin().stats().tables().stream()
                    .mapToLong(table -> table.entries() + table.due())
                    .sum();
        } catch (KvException.Corrupt wrong) {
            throw new KvException.Unavailable(
                    "What was saved was read again and is not as it was written: " + wrong.getMessage() + " Do not use "
                            + written.description() + "; look at its disk, then salvage into another directory.",
                    wrong);
        }
    }

    private static final class SinkStream extends OutputStream {
        private final CheckpointSink sink;

        SinkStream(CheckpointSink sink) {
            this.sink = sink;
        }

        @Override
        public void write(int single) {
            write(new byte[] {(byte) single}, 0, 1);
        }

        @Override
        public void write(byte[] source, int offset, int length) {
            sink.write(source, offset, length);
        }
    }
}
