// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend;

import java.util.Iterator;

/** For backends that find what differs between two of their views at a cost that grows with the difference. */
public interface Diffing {

    /**
     * The keys at which two open views of this backend differ, keyspace by keyspace and in key order inside each; found while
     * the caller asks for them. The views must stay open meanwhile.
     *
     * @param keyspaces the beginning of the names of those keyspaces that are looked at; empty for all
     * @throws IllegalArgumentException if a view is of another backend
     */
    Iterator<KeyChange> diff(View from, View to, String keyspaces);
}
