// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend;

/** For backends whose older commits stay readable for a while. */
public interface History {

    /**
     * What was visible as of {@code revision}; the caller closes it.
     *
     * @throws io.github.kvist.api.KvException.Trimmed if it is older than what is kept
     * @throws IllegalArgumentException if it is negative or a revision of the future
     */
    View viewAt(long revision);

    /** The oldest revision that {@link #viewAt} takes. */
    long oldestRevision();

    /** An estimate of the memory that is kept for older commits alone. */
    long historyBytes();
}
