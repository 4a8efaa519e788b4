// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.migrate;

import java.nio.ByteBuffer;

/** A key of a keyspace, to be found in a map. */
record Place(String keyspace, ByteBuffer key) {

    static Place of(String keyspace, byte[] key) {
        return new Place(keyspace, ByteBuffer.wrap(key));
    }
}
