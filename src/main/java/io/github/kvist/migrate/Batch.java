// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.migrate;

import io.github.kvist.api.Capabilities;
import io.github.kvist.api.KvException;
import io.github.kvist.backend.Operation;
import io.github.kvist.backend.Stored;
import io.github.kvist.table.StoredKeyspaces;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Operations for one commit of the target, the last one of each key. Confined to one thread at a time. */
final class Batch {

    static final int OPERATIONS_MAX = 2_000;

    /** What an operation costs beside its bytes. */
    private static final int OVERHEAD = 64;

    private final Target target;
    private final Capabilities.Limits limits;
    private final long bytesMax;
    private final Map<Place, Operation> operations = new LinkedHashMap<>();
    private long bytes;

    Batch(Target target) {
        this.target = target;
        this.limits = target.backend().capabilities().limits();
        this.bytesMax = Math.min(Chunk.BYTES_MAX, limits.transactionBytes() / 2);
    }

    boolean isEmpty() {
        return operations.isEmpty();
    }

    int size() {
        return operations.size();
    }

    boolean isFull() {
        return operations.size() >= OPERATIONS_MAX || bytes >= bytesMax;
    }

    /** Takes what is there, and leaves nothing. */
    List<Operation> take() {
        List<Operation> taken = new ArrayList<>(operations.values());
        operations.clear();
        bytes = 0;
        return taken;
    }

    void delete(String keyspace, byte[] key) {
        add(keyspace, new Operation.Delete(target.keyspace(keyspace), key), 0);
    }

    void put(String keyspace, byte[] key, Stored entry) {
        byte[] value = Arrays.copyOfRange(entry.array(), entry.offset(), entry.offset() + entry.length());
        put(keyspace, new Chunk.Item(key, value, entry.version(), entry.deadline()));
    }

    /**
     * Stores an entry as it is, with its version; a definition as the target stores it.
     *
     * @throws KvException.LimitExceeded if the target does not take it
     */
    void put(String keyspace, Chunk.Item item) {
        requireWithin(limits.keyBytes(), item.key().length, "key", keyspace);
        requireWithin(limits.valueBytes(), item.value().length, "value", keyspace);
        boolean isDefinition = keyspace.equals(StoredKeyspaces.DEFINITIONS);
        byte[] value = isDefinition ? target.definition(item.value()) : item.value();
        long version = isDefinition ? Operation.Put.ANY : item.version();
        add(
                keyspace,
                new Operation.Put(target.keyspace(keyspace), item.key(), value, item.deadline(), version),
                value.length);
    }

    private void add(String keyspace, Operation operation, int valueBytes) {
        operations.put(Place.of(keyspace, operation.key()), operation);
        bytes += operation.key().length + valueBytes + OVERHEAD;
    }

    private void requireWithin(int limit, int length, String what, String keyspace) {
        if (length > limit) {
            throw new KvException.LimitExceeded(StoredKeyspaces.described(keyspace) + ": a " + what + " has " + length
                    + " bytes, and " + target.backend().description() + " takes " + limit
                    + ". Make it shorter in the source, or choose another target.");
        }
    }
}
