// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.optimistic;

import io.github.kvist.backend.EntryCursor;
import io.github.kvist.backend.Keyspace;

/** A scan that tells the transaction how far it has come. */
final class RecordingCursor implements EntryCursor {

    private final EntryCursor entries;
    private final Keyspace keyspace;
    private final RecordedScan scan;
    private final Reads reads;

    RecordingCursor(EntryCursor entries, Keyspace keyspace, RecordedScan scan, Reads reads) {
        this.entries = entries;
        this.keyspace = keyspace;
        this.scan = scan;
        this.reads = reads;
    }

    @Override
    public boolean advance() {
        if (entries.advance()) {
            scan.reached(entries.key());
            return true;
        }
        scan.ended();
        return false;
    }

    @Override
    public void seek(byte[] key) {
        entries.seek(key);
    }

    @Override
    public byte[] key() {
        return entries.key();
    }

    @Override
    public byte[] array() {
        return entries.array();
    }

    @Override
    public int offset() {
        return entries.offset();
    }

    @Override
    public int length() {
        return entries.length();
    }

    @Override
    public long version() {
        return entries.version();
    }

    @Override
    public long deadline() {
        return entries.deadline();
    }

    @Override
    public void close() {
        reads.closed(keyspace, scan);
        entries.close();
    }
}
