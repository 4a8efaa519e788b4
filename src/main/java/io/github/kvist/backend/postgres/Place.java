// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.postgres;

import java.util.Arrays;

/** A key of a keyspace, in the order of the server. */
@SuppressWarnings("ArrayRecordComponent") // compared by its own methods
record Place(int keyspace, byte[] key) implements Comparable<Place> {

    @Override
    public int compareTo(Place other) {
        int byKeyspace = Integer.compare(keyspace, other.keyspace);
        return byKeyspace != 0 ? byKeyspace : Arrays.compareUnsigned(key, other.key);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Place place && compareTo(place) == 0;
    }

    @Override
    public int hashCode() {
        return 31 * keyspace + Arrays.hashCode(key);
    }
}
