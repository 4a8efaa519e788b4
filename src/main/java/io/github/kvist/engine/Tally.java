// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

/** What a commit pipeline has done so far. Counted and read under its lock. */
final class Tally {

    private long commits;
    private long conflicts;
    private long sweeps;
    private long expired;

    /** A copy that nobody changes. */
    record Count(long commits, long conflicts, long sweeps, long expired) {}

    void committed() {
        commits++;
    }

    void lost() {
        conflicts++;
    }

    void swept(long entries) {
        sweeps++;
        expired += entries;
    }

    Count count() {
        return new Count(commits, conflicts, sweeps, expired);
    }
}
