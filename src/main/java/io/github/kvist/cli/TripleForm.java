// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.Triple;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.TripleKeys;

/** Keys of three components. */
final class TripleForm<A, B, C> extends TupleForm<Triple<A, B, C>> {

    private final TripleKeys<A, B, C> keys;
    private final TypedForm<A> first;
    private final TypedForm<B> second;
    private final TypedForm<C> third;

    TripleForm(TypedForm<A> first, TypedForm<B> second, TypedForm<C> third) {
        this(Keys.tuple(first.codec(), second.codec(), third.codec()), first, second, third);
    }

    private TripleForm(TripleKeys<A, B, C> keys, TypedForm<A> first, TypedForm<B> second, TypedForm<C> third) {
        super(keys, first, second, third);
        this.keys = keys;
        this.first = first;
        this.second = second;
        this.third = third;
    }

    @Override
    String jsonOf(Triple<A, B, C> value) {
        return "[" + first.jsonOf(value.first()) + "," + second.jsonOf(value.second()) + ","
                + third.jsonOf(value.third()) + "]";
    }

    @Override
    Triple<A, B, C> whole(JsonNode array) {
        return new Triple<>(first.valueOf(array.get(0)), second.valueOf(array.get(1)), third.valueOf(array.get(2)));
    }

    @Override
    KeyRange<Triple<A, B, C>> startingWith(JsonNode array) {
        A head = first.valueOf(array.get(0));
        return array.size() == 1 ? keys.startingWith(head) : keys.startingWith(head, second.valueOf(array.get(1)));
    }
}
