// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.codec;

import io.github.kvist.api.KeyCodec;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.Pair;
import io.github.kvist.api.Triple;
import java.util.Comparator;

/** Keys of three components, laid out as a first one followed by a pair. Safe for any number of threads. */
public final class TripleKeys<A, B, C> implements KeyCodec<Triple<A, B, C>> {

    private final KeyCodec<A> first;
    private final KeyCodec<B> second;
    private final KeyCodec<C> third;
    private final LeadingKey<A> leading;
    private final LeadingKey<B> middle;
    private final PairKeys<B, C> rest;

    TripleKeys(KeyCodec<A> first, KeyCodec<B> second, KeyCodec<C> third) {
        this.first = first;
        this.second = second;
        this.third = third;
        this.leading = new LeadingKey<>(first);
        this.middle = new LeadingKey<>(second);
        this.rest = new PairKeys<>(second, third);
    }

    /** All triples with this first component. */
    public KeyRange<Triple<A, B, C>> startingWith(A first) {
        return KeyRange.encodedPrefix(leading.encode(first));
    }

    /** All triples with these first two components. */
    public KeyRange<Triple<A, B, C>> startingWith(A first, B second) {
        return KeyRange.encodedPrefix(PairKeys.joined(leading.encode(first), middle.encode(second)));
    }

    @Override
    public String id() {
        return "tuple(" + first.id() + "," + second.id() + "," + third.id() + ")";
    }

    @Override
    public byte[] encode(Triple<A, B, C> key) {
        return PairKeys.joined(leading.encode(key.first()), rest.encode(rest(key)));
    }

    @Override
    public byte[] encodePrefix(Triple<A, B, C> prefix) {
        return PairKeys.joined(leading.encode(prefix.first()), rest.encodePrefix(rest(prefix)));
    }

    @Override
    public Triple<A, B, C> decode(byte[] source, int offset, int length) {
        int end = offset + length;
        int restAt = leading.end(source, offset, end);
        Pair<B, C> pair = rest.decode(source, restAt, end - restAt);
        return new Triple<>(leading.decode(source, offset, restAt), pair.first(), pair.second());
    }

    @Override
    public Comparator<Triple<A, B, C>> order() {
        return Comparator.<Triple<A, B, C>, A>comparing(Triple::first, first.order())
                .thenComparing(TripleKeys::rest, rest.order());
    }

    @Override
    public int fixedBytes() {
        return first.fixedBytes() < 0 || rest.fixedBytes() < 0 ? -1 : first.fixedBytes() + rest.fixedBytes();
    }

    private static <A, B, C> Pair<B, C> rest(Triple<A, B, C> key) {
        return new Pair<>(key.second(), key.third());
    }
}
