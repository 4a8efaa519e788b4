// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend;

import io.github.kvist.api.TransactionOptions;

/**
 * For backends that can go on from a view in private, and take back what came of it.
 *
 * <p>Keyspaces of a backend are keyspaces of its forks too, and versions drawn in one are never drawn in another.
 */
public interface Forking {

    /** A live backend in memory that begins with what an open view of this one shows; neither sees the other any more. O(1). */
    Backend fork(View view);

    /**
     * Runs {@code work} on a branch of the newest commit, as {@link Branching#commit} does, and commits it. After that the fork
     * counts as having begun with what was merged, so that it can be merged again.
     *
     * @throws IllegalArgumentException if {@code fork} is no fork of this backend
     */
    void merge(Backend fork, TransactionOptions options, MergeWork work);

    /** Puts an entry of a fork into a branch of this backend as it is there, its version too. */
    void copy(Branch branch, Keyspace keyspace, byte[] key, Stored entry);

    /** Brings what a fork changed into a branch. May run more than once. */
    @FunctionalInterface
    interface MergeWork {

        /**
         * Merges.
         *
         * @param branch to write to
         * @param here what the branch began with
         * @param base what the fork began with, or was when it was merged last
         * @param changed what the fork is now
         */
        void merge(Branch branch, View here, View base, View changed);
    }
}
