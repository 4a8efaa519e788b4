// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import io.github.kvist.api.Options;
import io.github.kvist.api.RecoveryReport;
import io.github.kvist.api.Retention;
import io.github.kvist.backend.Storage;
import io.github.kvist.checkpoint.CheckpointReader;
import io.github.kvist.checkpoint.Image;
import io.github.kvist.event.Flight;
import io.github.kvist.event.RecoveryEvent;
import java.util.List;

/**
 * What a storage gave back.
 *
 * @param revisions the newest root, and as many before it as are to be kept and the log still reaches
 * @param versions above every stamp that was ever given out
 */
record Recovered(Keyspaces keyspaces, Revisions revisions, long versions) {

    /**
     * Stamps that transactions had drawn when the process died, and perhaps shown, but not committed: at most this many are
     * assumed, and none of them is given out again.
     */
    private static final long VERSIONS_SKIPPED = 1 << 20;

    /** Opens the storage and brings back what it keeps: the newest checkpoint, and the log after it. */
    static Recovered open(Storage storage, Options options) {
        RecoveryEvent event = Flight.isOn() ? RecoveryEvent.started() : null;
        storage.open(options.recovery(), options.isReadOnly());
        Recovered recovered = from(storage, MemoryLimit.history(options));
        if (event != null) {
            RecoveryReport report = storage.recovery();
            event.ended(
                    recovered.revisions.newest().revision, report.clean(), report.framesReplayed(), report.bytesCut());
        }
        return recovered;
    }

    private static Recovered from(Storage storage, Retention retention) {
        Keyspaces keyspaces = new Keyspaces();
        if (!storage.keeps()) {
            return new Recovered(keyspaces, new Revisions(retention, Root.EMPTY), 0);
        }
        Image image = image(storage);
        LogReplay replay = new LogReplay(image, retention);
        storage.replay(image.revision(), replay::frame);
        Revisions revisions = replay.revisions();
        keyspaces.load(revisions.newest().tree(Keyspaces.CATALOGUE));
        long skipped = storage.recovery().clean() ? 0 : VERSIONS_SKIPPED;
        return new Recovered(keyspaces, revisions, replay.versions() + skipped);
    }

    private static Image image(Storage storage) {
        try (Storage.CheckpointSource source = storage.checkpoint()) {
            return source == null ? new Image(0, 0, 0, List.of()) : CheckpointReader.read(source);
        }
    }
}
