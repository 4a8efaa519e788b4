// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.api;

/** A consistent view of one revision: what it shows never changes. */
public interface ReadTransaction {

    /** The commit that this view shows, without the view's own writes. */
    long revision();

    /**
     * The table as of this view.
     *
     * @throws IllegalStateException if the store already knows another definition of that name
     */
    <K, V> TableReader<K, V> in(Table<K, V> table);
}
