// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.migrate;

import io.github.kvist.backend.Backend;
import io.github.kvist.backend.EntryCursor;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Range;
import io.github.kvist.backend.View;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All entries of a short stretch of a keyspace, as they were at one revision.
 *
 * @param to where it ends, exclusive; {@code null} for the end of the keyspace
 * @param instant by which deadlines were judged
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Chunk(String keyspace, byte[] from, byte @Nullable [] to, List<Item> items, long revision, long instant) {

    static final long BYTES_MAX = 1 << 20;

    /** An entry, its value in an array of its own. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Item(byte[] key, byte[] value, long version, long deadline) {
        long bytes() {
            return key.length + (long) value.length;
        }

        static Item at(EntryCursor cursor) {
            byte[] value = Arrays.copyOfRange(cursor.array(), cursor.offset(), cursor.offset() + cursor.length());
            return new Item(cursor.key(), value, cursor.version(), cursor.deadline());
        }
    }

    /**
     * Reads the next entries of a keyspace.
     *
     * @throws io.github.kvist.api.KvException.Conflict if the backend has no snapshots and the stretch was written to meanwhile
     */
    static Chunk read(Backend source, String name, byte[] from, int entriesMax) {
        Keyspace keyspace = source.keyspace(name);
        List<Item> items = new ArrayList<>();
        long bytes = 0;
        byte[] to = null;
        try (View view = source.view();
                EntryCursor cursor = view.scan(keyspace, from, null, false)) {
            while (cursor.advance()) {
                if (items.size() == entriesMax || bytes > BYTES_MAX) {
                    to = Range.after(items.get(items.size() - 1).key());
                    break;
                }
                Item item = Item.at(cursor);
                bytes += item.bytes();
                items.add(item);
            }
            // Where there are no snapshots the view has moved on while it was read.
            return new Chunk(name, from, to, items, view.revision(), view.instant());
        }
    }
}
