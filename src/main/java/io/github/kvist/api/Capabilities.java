// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.api;

import java.util.EnumMap;
import java.util.Map;

/** What a store can do and its limits. A capability that is not in the map has {@link Support#NONE}. */
public record Capabilities(Map<Capability, Support> support, Limits limits) {

    /** How a store does something. */
    public enum Support {
        /** The system does it itself. */
        NATIVE,
        /** Done above the system, with the same result. */
        EMULATED,
        /** With exceptions that the documentation of the backend names. */
        PARTIAL,
        NONE
    }

    /**
     * The largest things a store takes.
     *
     * @param keyBytes of one encoded key, of a record as of an index
     * @param valueBytes of one encoded value
     * @param transactionBytes of all keys and values that one transaction writes
     * @param transactionKeys how many keys of records and indexes one transaction may write; {@link Integer#MAX_VALUE} for no limit
     */
    public record Limits(int keyBytes, int valueBytes, long transactionBytes, int transactionKeys) {

        /** Of a system that does not count keys. */
        public Limits(int keyBytes, int valueBytes, long transactionBytes) {
            this(keyBytes, valueBytes, transactionBytes, Integer.MAX_VALUE);
        }
    }

    public Capabilities {
        Map<Capability, Support> copy = new EnumMap<>(Capability.class);
        copy.putAll(support);
        support = Map.copyOf(copy);
    }

    public Support of(Capability capability) {
        return support.getOrDefault(capability, Support.NONE);
    }
}
