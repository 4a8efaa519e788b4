// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.jmh.rival;

import io.github.kvist.Kvist;
import io.github.kvist.api.Codec;
import io.github.kvist.api.Cursor;
import io.github.kvist.api.Durability;
import io.github.kvist.api.Entry;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.Scan;
import io.github.kvist.api.Slice;
import io.github.kvist.api.Snapshot;
import io.github.kvist.api.Table;
import io.github.kvist.api.TableWriter;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Kvist through its public API, with values as byte arrays or as slices. */
final class KvistContender<V> implements Contender {
    private final KvStore store;
    private final Table<byte[], V> table;
    private final Function<byte[], V> wrap;
    private final ToLongFunction<V> digest;

    private KvistContender(KvStore store, Codec<V> values, Function<byte[], V> wrap, ToLongFunction<V> digest) {
        this.store = store;
        this.table = Table.of("entries", Keys.bytes(), values);
        this.wrap = wrap;
        this.digest = digest;
    }

    /** With {@code Values.bytes()}: a value read is a copy. */
    static Contender bytes(KvStore store) {
        return new KvistContender<>(store, Values.bytes(), value -> value, Digest::of);
    }

    /** With {@code Values.slices()}: a value is read where it lies. */
    static Contender slices(KvStore store) {
        Codec<Slice> slices = Values.slices();
        return new KvistContender<>(
                store, slices, value -> slices.decode(value, 0, value.length), KvistContender::digestOf);
    }

    /** The memory backend for memory, the file backend for the rest. */
    static KvStore store(Home home, Path directory) {
        return home == Home.MEMORY ? Kvist.inMemory() : fileStore(home, directory);
    }

    /** The file backend, whatever a commit waits for. */
    static KvStore fileStore(Home home, Path directory) {
        Durability durability = switch (home) {
            case MEMORY -> Durability.MEMORY;
            case FILES -> Durability.OS;
            case SYNCED -> Durability.SYNC;
        };
        return Kvist.open(
                "file:" + directory.toAbsolutePath(), Options.defaults().durability(durability));
    }

    private static long digestOf(Slice slice) {
        int length = slice.length();
        long sum = length;
        int at = 0;
        for (; at <= length - Long.BYTES; at += Long.BYTES) {
            sum = Digest.mix(sum, slice.longAt(at));
        }
        long rest = 0;
        for (; at < length; at++) {
            rest = rest << Byte.SIZE | slice.byteAt(at) & 0xff;
        }
        return Digest.mix(sum, rest);
    }

    private long digest(@Nullable V value) {
        return value == null ? ABSENT : digest.applyAsLong(value);
    }

    @Override
    public long get(byte[] key) {
        return digest(store.in(table).getOrNull(key));
    }

    @Override
    public void put(byte[] key, byte[] value) {
        store.in(table).put(key, wrap.apply(value));
    }

    @Override
    public boolean compareAndSet(byte[] key, byte[] value) {
        TableWriter<byte[], V> entries = store.in(table);
        Entry<byte[], V> entry = entries.entry(key).orElse(null);
        return entry != null && entries.replace(key, entry.version(), wrap.apply(value));
    }

    @Override
    public void load(Entries entries) {
        store.update(transaction -> {
            TableWriter<byte[], V> inTransaction = transaction.in(table);
            for (int i = 0; i < entries.size(); i++) {
                inTransaction.put(entries.key(i), wrap.apply(entries.value(i)));
            }
        });
    }

    @Override
    public long scan(byte @Nullable [] from, int limit, Part part) {
        TableWriter<byte[], V> entries = store.in(table);
        Scan<byte[], V> scan = from == null ? entries.scan() : entries.scan(KeyRange.atLeast(from));
        try (Cursor<byte[], V> cursor = scan.cursor()) {
            long sum = 0;
            for (int left = limit; left > 0 && cursor.advance(); left--) {
                if (part == Part.KEYS_AND_VALUES) {
                    sum = Digest.and(sum, Digest.of(cursor.key()));
                }
                sum = Digest.and(sum, digest.applyAsLong(cursor.value()));
            }
            return sum;
        }
    }

    @Override
    public View view() {
        Snapshot snapshot = store.snapshot();
        return new View() {
            @Override
            public long get(byte[] key) {
                return digest(snapshot.in(table).getOrNull(key));
            }

            @Override
            public void close() {
                snapshot.close();
            }
        };
    }

    @Override
    public void close() {
        store.close();
    }
}
