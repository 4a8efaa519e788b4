// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend;

/** Stands where another cursor stands; for those that add something to its moves. */
public class ForwardingCursor implements EntryCursor {

    private final EntryCursor entries;

    protected ForwardingCursor(EntryCursor entries) {
        this.entries = entries;
    }

    @Override
    public boolean advance() {
        return entries.advance();
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
        entries.close();
    }
}
