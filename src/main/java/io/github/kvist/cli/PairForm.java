// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.Pair;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.PairKeys;

/** Keys of two components. */
final class PairForm<A, B> extends TupleForm<Pair<A, B>> {

    private final PairKeys<A, B> keys;
    private final TypedForm<A> first;
    private final TypedForm<B> second;

    PairForm(TypedForm<A> first, TypedForm<B> second) {
        this(Keys.tuple(first.codec(), second.codec()), first, second);
    }

    private PairForm(PairKeys<A, B> keys, TypedForm<A> first, TypedForm<B> second) {
        super(keys, first, second);
        this.keys = keys;
        this.first = first;
        this.second = second;
    }

    @Override
    String jsonOf(Pair<A, B> value) {
        return "[" + first.jsonOf(value.first()) + "," + second.jsonOf(value.second()) + "]";
    }

    @Override
    Pair<A, B> whole(JsonNode array) {
        return new Pair<>(first.valueOf(array.get(0)), second.valueOf(array.get(1)));
    }

    @Override
    KeyRange<Pair<A, B>> startingWith(JsonNode array) {
        return keys.startingWith(first.valueOf(array.get(0)));
    }
}
