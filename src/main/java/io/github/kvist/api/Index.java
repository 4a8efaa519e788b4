// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.api;

import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The immutable definition of an index, of any table whose values are {@code V}: which keys a value is found by.
 *
 * <p>The extractor must give the same keys for equal values, always; it runs inside the writing call. When its meaning
 * changes, say so with {@link #revised}: stores then rebuild the index.
 */
public final class Index<V, I> {

    /** How many records an index key leads to, and how many index keys a record has. */
    public enum Kind {
        /** At most one key a record; any number of records a key. */
        SIMPLE,
        /** At most one key a record, and at most one record a key. */
        UNIQUE,
        /** Any number of keys a record. */
        MULTI
    }

    private final String name;
    private final KeyCodec<I> codec;
    private final Function<? super V, ? extends Iterable<? extends I>> keys;
    private final Kind kind;
    private final int revision;

    private Index(
            String name,
            KeyCodec<I> codec,
            Function<? super V, ? extends Iterable<? extends I>> keys,
            Kind kind,
            int revision) {
        this.name = name;
        this.codec = codec;
        this.keys = keys;
        this.kind = kind;
        this.revision = revision;
    }

    /** An index with at most one key a record; a record whose extractor gives null is not in it. */
    public static <V, I> Index<V, I> of(
            String name, KeyCodec<I> codec, Function<? super V, ? extends @Nullable I> key) {
        return single(name, codec, key, Kind.SIMPLE);
    }

    /** As {@link #of}, and a second record with the same key is refused with {@link KvException.UniqueViolation}. */
    public static <V, I> Index<V, I> unique(
            String name, KeyCodec<I> codec, Function<? super V, ? extends @Nullable I> key) {
        return single(name, codec, key, Kind.UNIQUE);
    }

    /** An index with any number of keys a record, equal ones counted once. */
    public static <V, I> Index<V, I> multi(
            String name, KeyCodec<I> codec, Function<? super V, ? extends Iterable<? extends I>> keys) {
        return create(name, codec, Objects.requireNonNull(keys, "keys"), Kind.MULTI);
    }

    private static <V, I> Index<V, I> single(
            String name, KeyCodec<I> codec, Function<? super V, ? extends @Nullable I> key, Kind kind) {
        Objects.requireNonNull(key, "key");
        return create(
                name,
                codec,
                value -> {
                    I indexKey = key.apply(value);
                    return indexKey == null ? List.of() : List.of(indexKey);
                },
                kind);
    }

    private static <V, I> Index<V, I> create(
            String name, KeyCodec<I> codec, Function<? super V, ? extends Iterable<? extends I>> keys, Kind kind) {
        return new Index<>(Names.checked("index", name), Objects.requireNonNull(codec, "codec"), keys, kind, 0);
    }

    /**
     * A copy whose extractor means something else than in earlier revisions, so that stores rebuild the index.
     *
     * @throws IllegalArgumentException if {@code revision} is negative
     */
    public Index<V, I> revised(int revision) {
        if (revision < 0) {
            throw new IllegalArgumentException("The revision of an index is 0 or more, not " + revision + ".");
        }
        return new Index<>(name, codec, keys, kind, revision);
    }

    public String name() {
        return name;
    }

    public KeyCodec<I> codec() {
        return codec;
    }

    public Kind kind() {
        return kind;
    }

    public int revision() {
        return revision;
    }

    /** The keys by which {@code value} is found; runs the extractor. */
    public Iterable<? extends I> keysOf(V value) {
        return keys.apply(value);
    }

    @Override
    public String toString() {
        return "Index " + name;
    }
}
