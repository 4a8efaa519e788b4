// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.optimistic;

import io.github.kvist.backend.EntryCursor;
import io.github.kvist.backend.ForwardingCursor;
import io.github.kvist.backend.Keyspace;

/** A scan that tells the transaction how far it has come. */
final class RecordingCursor extends ForwardingCursor {

    private final Keyspace keyspace;
    private final RecordedScan scan;
    private final Reads reads;

    RecordingCursor(EntryCursor entries, Keyspace keyspace, RecordedScan scan, Reads reads) {
        super(entries);
        this.keyspace = keyspace;
        this.scan = scan;
        this.reads = reads;
    }

    @Override
    public boolean advance() {
        if (super.advance()) {
            scan.reached(key());
            return true;
        }
        scan.ended();
        return false;
    }

    @Override
    public void close() {
        reads.closed(keyspace, scan);
        super.close();
    }
}
