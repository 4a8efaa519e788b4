// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.file;

import io.github.kvist.api.Finding;
import io.github.kvist.api.KvException;
import io.github.kvist.backend.FileSystem;
import io.github.kvist.format.Manifest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads all files of a store that is in use, and compares every checksum. */
final class Inspection {
    private final FileSystem files;
    private final ManifestFile manifest;
    private final LogWriter log;

    Inspection(FileSystem files, ManifestFile manifest, LogWriter log) {
        this.files = files;
        this.manifest = manifest;
        this.log = log;
    }

    /** Something that may find damage. */
    private interface Check {
        void run() throws IOException;
    }

    /** Starts again if the log was opened for writing meanwhile: files that were looked for may be gone for a good reason. */
    List<Finding> findings() {
        while (true) {
            Manifest before = manifest.current();
            List<Finding> findings = findings(before);
            if (manifest.current().equals(before)) {
                return findings;
            }
        }
    }

    private List<Finding> findings(Manifest current) {
        List<Finding> findings = new ArrayList<>();
        check(findings, StoreFiles.MANIFEST, manifest::verify);
        Manifest.Checkpoint checkpoint = current.checkpoint();
        if (checkpoint != null) {
            check(findings, StoreFiles.checkpoint(checkpoint.number()), () -> verify(checkpoint, current));
        }
        check(
                findings,
                "log",
                () -> LogReader.upTo(files, current, log.end())
                        .read(Long.MAX_VALUE, (first, array, offset, length, where) -> {}));
        return findings;
    }

    private void verify(Manifest.Checkpoint checkpoint, Manifest current) throws IOException {
        try (CheckpointFile file = CheckpointFile.open(files, current.storeId(), checkpoint)) {
            file.verify();
        }
    }

    private void check(List<Finding> findings, String what, Check check) {
        String where = files.description() + "/" + what;
        try {
            check.run();
        } catch (IOException e) {
            findings.add(new Finding(where, "cannot be read: " + e.getMessage()));
        } catch (KvException e) {
            findings.add(new Finding(where, String.valueOf(e.getMessage())));
        }
    }
}
