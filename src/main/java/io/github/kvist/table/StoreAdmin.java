// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.api.Admin;
import io.github.kvist.api.Finding;
import io.github.kvist.api.RecoveryReport;
import io.github.kvist.api.VerifyReport;
import io.github.kvist.backend.Backend;
import io.github.kvist.backend.Maintenance;
import io.github.kvist.backend.View;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks after a store. A backend that keeps no files of its own has nothing to recover and no checkpoints.
 *
 * <p>Indexes are checked of the tables that this program has used: only a program knows the extractors.
 */
final class StoreAdmin implements Admin {

    private final TableStore store;
    private final Backend backend;

    StoreAdmin(TableStore store, Backend backend) {
        this.store = store;
        this.backend = backend;
    }

    @Override
    public VerifyReport verify() {
        store.requireOpen();
        List<Finding> findings = new ArrayList<>();
        if (backend instanceof Maintenance maintenance) {
            findings.addAll(maintenance.verify());
        }
        try (View view = store.newest()) {
            for (TableSpace<?, ?> space : store.spaces()) {
                if (store.definitions().isReadable(space.known(), view)) {
                    IndexCheck.check(view, space, findings);
                }
            }
        }
        return new VerifyReport(findings);
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
    public void checkpoint() {
        store.requireOpen();
        store.requireNotReadOnly();
        if (backend instanceof Maintenance maintenance) {
            maintenance.checkpoint();
        }
    }
}
