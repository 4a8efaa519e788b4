// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.codec;

import io.github.kvist.api.KeyCodec;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.Pair;
import java.util.Arrays;
import java.util.Comparator;

/** Keys of two components. Safe for any number of threads. */
public final class PairKeys<A, B> implements KeyCodec<Pair<A, B>> {

    private final KeyCodec<A> first;
    private final KeyCodec<B> second;
    private final LeadingKey<A> leading;

    PairKeys(KeyCodec<A> first, KeyCodec<B> second) {
        this.first = first;
        this.second = second;
        this.leading = new LeadingKey<>(first);
    }

    /** All pairs with this first component. */
    public KeyRange<Pair<A, B>> startingWith(A first) {
        return KeyRange.encodedPrefix(leading.encode(first));
    }

    @Override
    public String id() {
        return "tuple(" + first.id() + "," + second.id() + ")";
    }

    @Override
    public byte[] encode(Pair<A, B> key) {
        return joined(leading.encode(key.first()), second.encode(key.second()));
    }

    @Override
    public byte[] encodePrefix(Pair<A, B> prefix) {
        return joined(leading.encode(prefix.first()), second.encodePrefix(prefix.second()));
    }

    @Override
    public Pair<A, B> decode(byte[] source, int offset, int length) {
        int end = offset + length;
        int middle = leading.end(source, offset, end);
        return new Pair<>(leading.decode(source, offset, middle), second.decode(source, middle, end - middle));
    }

    @Override
    public Comparator<Pair<A, B>> order() {
        return Comparator.<Pair<A, B>, A>comparing(Pair::first, first.order())
                .thenComparing(Pair::second, second.order());
    }

    @Override
    public int fixedBytes() {
        return first.fixedBytes() < 0 || second.fixedBytes() < 0 ? -1 : first.fixedBytes() + second.fixedBytes();
    }

    static byte[] joined(byte[] head, byte[] tail) {
        byte[] whole = Arrays.copyOf(head, Math.addExact(head.length, tail.length));
        System.arraycopy(tail, 0, whole, head.length, tail.length);
        return whole;
    }
}
