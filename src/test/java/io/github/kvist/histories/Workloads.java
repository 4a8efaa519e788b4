// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.histories;

/** All workloads there are. */
public enum Workloads {
    LISTS,
    REGISTERS,
    BANK,
    ON_CALL,
    COUNTERS,
    OWNERS,
    LEASES;

    /** One that nobody has run yet. */
    public Workload workload() {
        return switch (this) {
            case LISTS -> new Lists();
            case REGISTERS -> new Registers();
            case BANK -> new Bank();
            case ON_CALL -> new OnCall();
            case COUNTERS -> new Counters();
            case OWNERS -> new Owners();
            case LEASES -> new Leases();
        };
    }

    /** Whether what it looks at in one view holds under snapshot isolation too: write skew lets all doctors go home. */
    boolean holdsUnderSnapshots() {
        return this != ON_CALL;
    }
}
