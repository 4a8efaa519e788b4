// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.api.Admin;
import io.github.kvist.api.Finding;
import io.github.kvist.api.ProgressListener;
import io.github.kvist.api.RecoveryReport;
import io.github.kvist.api.Stats;
import io.github.kvist.api.VerifyReport;
import io.github.kvist.backend.Backend;
import io.github.kvist.backend.FileSystem;
import io.github.kvist.backend.Images;
import io.github.kvist.backend.Maintenance;
import io.github.kvist.backend.View;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * Looks after a store. A backend that keeps no files of its own has nothing to recover and no checkpoints.
 *
 * <p>Indexes are checked against their extractors for the tables that this program has used: only a program knows them.
 */
final class StoreAdmin implements Admin {

    /** For work that nobody watches. */
    static final ProgressListener UNTOLD = (done, total) -> {};

    private final TableStore store;
    private final Backend backend;
    private final Function<Path, FileSystem> directories;

    StoreAdmin(TableStore store, Backend backend, Function<Path, FileSystem> directories) {
        this.store = store;
        this.backend = backend;
        this.directories = directories;
    }

    @Override
    public Stats stats() {
        store.requireOpen();
        return StoreStats.of(store.seams().measured().figures(), store.openSnapshots());
    }

    @Override
    public VerifyReport verify() {
        store.requireOpen();
        List<Finding> findings = new ArrayList<>();
        List<Finding> unchecked = new ArrayList<>();
        if (backend instanceof Maintenance maintenance) {
            findings.addAll(maintenance.verify());
        }
        try (View view = store.newest()) {
            new TablesCheck(backend, store.definitions(), view, findings, unchecked).check(store.spaces());
        }
        return new VerifyReport(findings, unchecked);
    }

    @Override
    public RecoveryReport recovery() {
        store.requireOpen();
        return backend instanceof Maintenance maintenance ? maintenance.recovery() : RecoveryReport.nothing();
    }

    @Override
    public long sweep() {
        return store.sweep();
    }

    @Override
    public void dropIndex(String table, String index) {
        store.dropIndex(Objects.requireNonNull(table, "table"), Objects.requireNonNull(index, "index"));
    }

    @Override
    public void checkpoint() {
        store.requireOpen();
        store.requireNotReadOnly();
        if (backend instanceof Maintenance maintenance) {
            maintenance.checkpoint();
        }
    }

    @Override
    public void backup(Path target) {
        backup(target, UNTOLD);
    }

    @Override
    public void backup(Path target, ProgressListener listener) {
        Objects.requireNonNull(listener, "listener");
        store.requireOpen();
        Images images = store.seams().images();
        BackupFile file = BackupFile.at(target, directories);
        try (View view = store.newest()) {
            file.write(view, images, listener);
        }
    }

    @Override
    public void restore(Path source) {
        restore(source, UNTOLD);
    }

    @Override
    public void restore(Path source, ProgressListener listener) {
        Objects.requireNonNull(listener, "listener");
        requireRestorable();
        BackupFile.read(source, listener, image -> restore(image, source.toString(), false));
    }

    @Override
    public void restore(InputStream image) {
        restore(image, false);
    }

    @Override
    public void restore(InputStream image, boolean replacing) {
        restore(image, replacing, UNTOLD);
    }

    @Override
    public void restore(InputStream image, boolean replacing, ProgressListener listener) {
        Objects.requireNonNull(image, "image");
        Objects.requireNonNull(listener, "listener");
        requireRestorable();
        restore(new ToldInput(image, -1, listener), "The image", replacing);
    }

    private void requireRestorable() {
        store.requireWritable();
        Images unused = store.seams().images();
    }

    private void restore(InputStream image, String where, boolean replacing) {
        if (!replacing) {
            // Again when the image was read, which may take a while.
            try (View view = store.newest()) {
                requireEmpty(view);
            }
        }
        store.seams().images().restore(image, where, (present, restored) -> {
            if (!replacing) {
                requireEmpty(present);
            }
            store.definitions().replaceBy(restored);
        });
    }

    private void requireEmpty(View present) {
        for (String table : store.definitions().stored(present)) {
            long count =
                    present.count(backend.keyspace(KeyspaceNames.records(table)), Bounds.ALL.from(), Bounds.ALL.to());
            if (count > 0) {
                throw new IllegalStateException(
                        "The store holds entries (table " + table + ": " + count
                                + "), so nothing was restored. Restore into an empty store, or replace all it holds with restore(…, true).");
            }
        }
    }

    @Override
    public void exportJsonLines(OutputStream out) {
        exportJsonLines(out, UNTOLD);
    }

    @Override
    public void exportJsonLines(OutputStream out, ProgressListener listener) {
        Objects.requireNonNull(out, "out");
        Objects.requireNonNull(listener, "listener");
        try (View view = store.newest()) {
            new JsonExport(backend, store.definitions(), view, listener).write(out);
        }
    }

    @Override
    public void importJsonLines(InputStream in) {
        importJsonLines(in, UNTOLD);
    }

    @Override
    public void importJsonLines(InputStream in, ProgressListener listener) {
        Objects.requireNonNull(in, "in");
        Objects.requireNonNull(listener, "listener");
        store.requireWritable();
        new JsonImport(store, listener).read(in);
    }
}
