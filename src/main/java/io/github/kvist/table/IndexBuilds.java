// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.backend.Backend;
import io.github.kvist.backend.Branch;
import io.github.kvist.backend.EntryCursor;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Stored;
import io.github.kvist.backend.View;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Indexes that are being built on a shared system: how far each has come is stored with the data, in the commit of each batch.
 * First what is left of an older index of that name goes, then the records are gone through in the order of their keys.
 * Immutable.
 *
 * <pre>
 * key: name of the table, 0, name of the index · value: u8 phase (0 clearing, 1 filling) | the last key that is done
 * </pre>
 */
final class IndexBuilds {

    private static final int BATCH = 500;
    private static final byte CLEARING = 0;
    private static final byte FILLING = 1;

    private final Backend backend;
    private final Keyspace keyspace;

    IndexBuilds(Backend backend) {
        this.backend = backend;
        this.keyspace = backend.keyspace(KeyspaceNames.INDEX_BUILDS);
    }

    void begin(Branch branch, String table, String index) {
        branch.put(keyspace, key(table, index), new byte[] {CLEARING}, Stored.NEVER);
    }

    void end(Branch branch, String table, String index) {
        branch.discard(keyspace, key(table, index));
    }

    private static byte[] key(String table, String index) {
        return (table + '\0' + index).getBytes(StandardCharsets.UTF_8);
    }

    /** The names of the indexes of a table that do not answer yet. */
    List<String> of(View view, String table) {
        byte[] start = key(table, "");
        byte[] end = (table + '\1').getBytes(StandardCharsets.UTF_8);
        List<String> names = new ArrayList<>();
        try (EntryCursor builds = view.scan(keyspace, start, end, false)) {
            while (builds.advance()) {
                byte[] key = builds.key();
                names.add(new String(key, start.length, key.length - start.length, StandardCharsets.UTF_8));
            }
        }
        return names;
    }

    /** Does one batch; false if there is nothing to do. */
    <K, V> boolean advance(Branch branch, TableSpace<K, V> space) {
        for (String name : of(branch, space.name())) {
            byte[] key = key(space.name(), name);
            Stored progress = branch.get(keyspace, key);
            if (progress != null) {
                advance(branch, space, name, key, progress);
                return true;
            }
        }
        return false;
    }

    private <K, V> void advance(Branch branch, TableSpace<K, V> space, String name, byte[] key, Stored progress) {
        IndexSpace<V, ?> index = space.indexes().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElse(null);
        byte[] bytes = Arrays.copyOfRange(progress.array(), progress.offset(), progress.offset() + progress.length());
        if (index == null) {
            branch.discard(keyspace, key); // dropped meanwhile
        } else if (bytes[0] == CLEARING) {
            clear(branch, index, key);
        } else {
            fill(branch, space, index, key, Arrays.copyOfRange(bytes, 1, bytes.length));
        }
    }

    private void clear(Branch branch, IndexSpace<?, ?> index, byte[] key) {
        if (clear(branch, index.keyspace()) < BATCH) {
            branch.put(keyspace, key, new byte[] {FILLING}, Stored.NEVER);
        }
    }

    /** Deletes some entries of an index and returns how many. */
    long clear(Branch branch, String table, String index) {
        return clear(branch, backend.keyspace(KeyspaceNames.index(table, index)));
    }

    private static int clear(Branch branch, Keyspace entries) {
        List<byte[]> keys = new ArrayList<>();
        try (EntryCursor old = branch.scan(entries, Bounds.ALL.from(), null, false)) {
            while (keys.size() < BATCH && old.advance()) {
                keys.add(old.key());
            }
        }
        keys.forEach(entry -> branch.discard(entries, entry));
        return keys.size();
    }

    static boolean isWholeBatch(long cleared) {
        return cleared >= BATCH;
    }

    private <K, V> void fill(Branch branch, TableSpace<K, V> space, IndexSpace<V, ?> index, byte[] key, byte[] done) {
        byte @Nullable [] last = null;
        int count = 0;
        // Behind the last key: what is done is not asked for again, and an empty position is the start.
        byte[] from = done.length == 0 ? Bounds.ALL.from() : Arrays.copyOf(done, done.length + 1);
        try (EntryCursor records = branch.scan(space.records(), from, null, false)) {
            while (count < BATCH && records.advance()) {
                last = records.key();
                count++;
                IndexBuild.addIfMissing(branch, space, index, records);
            }
        }
        if (count < BATCH || last == null) {
            branch.discard(keyspace, key);
            return;
        }
        ByteArrayOutputStream position = new ByteArrayOutputStream();
        position.write(FILLING);
        position.writeBytes(last);
        branch.put(keyspace, key, position.toByteArray(), Stored.NEVER);
    }
}
