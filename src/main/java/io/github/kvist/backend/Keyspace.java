// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend;

/**
 * A handle for the ordered keys of one table or index, of the backend that gave it. Getting one creates nothing. Immutable
 * for its users.
 */
public interface Keyspace {
    String name();
}
