// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.faults;

import io.github.kvist.api.Codec;
import io.github.kvist.api.KeyCodec;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Code of the user, in all places where a store calls it: told to, it throws at the n-th call of one place, once. Used by one
 * thread at a time; calls of other threads pass.
 */
final class Tripwire {

    private final Map<String, Integer> passed = new HashMap<>();
    private volatile @Nullable Thread watched;
    private String place = "";
    private int nth;
    private Supplier<Throwable> made = AssertionError::new;
    private @Nullable Throwable thrown;

    /** From now on the {@code nth} call of {@code place} on this thread throws. */
    void arm(String place, int nth, Supplier<Throwable> made) {
        this.place = place;
        this.nth = nth;
        this.made = made;
        this.thrown = null;
        passed.clear();
        watched = Thread.currentThread();
    }

    /** Lets everything pass, and tells what was thrown. */
    @Nullable
    Throwable disarm() {
        watched = null;
        return thrown;
    }

    /** A call of a place. */
    void pass(String here) {
        if (watched != Thread.currentThread()) {
            return;
        }
        if (passed.merge(here, 1, Integer::sum) == nth && here.equals(place)) {
            watched = null;
            Throwable fresh = made.get();
            thrown = fresh;
            throw sneaked(fresh);
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // checked exceptions get out of user code too
    private static <T extends Throwable> RuntimeException sneaked(Throwable thrown) throws T {
        throw (T) thrown;
    }

    <V> Codec<V> codec(Codec<V> codec, String name) {
        return new Values<>(codec, name);
    }

    <K> KeyCodec<K> keys(KeyCodec<K> codec, String name) {
        return new WiredKeys<>(codec, name);
    }

    InstantSource clock(InstantSource clock) {
        return () -> {
            pass("clock");
            return clock.instant();
        };
    }

    private class Values<V> implements Codec<V> {
        private final Codec<V> codec;
        private final String name;

        Values(Codec<V> codec, String name) {
            this.codec = codec;
            this.name = name;
        }

        @Override
        public String id() {
            pass("codec id");
            return codec.id();
        }

        @Override
        public byte[] encode(V value) {
            pass(name + " encode");
            return codec.encode(value);
        }

        @Override
        public V decode(byte[] source, int offset, int length) {
            pass(name + " decode");
            return codec.decode(source, offset, length);
        }
    }

    private final class WiredKeys<K> extends Values<K> implements KeyCodec<K> {
        private final KeyCodec<K> codec;
        private final String name;

        WiredKeys(KeyCodec<K> codec, String name) {
            super(codec, name);
            this.codec = codec;
            this.name = name;
        }

        @Override
        public Comparator<K> order() {
            return (one, other) -> {
                pass("comparator");
                return codec.order().compare(one, other);
            };
        }

        @Override
        public int fixedBytes() {
            return codec.fixedBytes();
        }

        @Override
        public byte[] encodePrefix(K prefix) {
            pass(name + " encode prefix");
            return codec.encodePrefix(prefix);
        }
    }
}
