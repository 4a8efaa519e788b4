// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend;

import org.jspecify.annotations.Nullable;

/**
 * A key at which two states differ. An entry that is due in a state counts as absent there.
 *
 * @param key a copy of the receiver's own
 * @param before in the earlier state, or the entry whose deadline passed; {@code null} if there was none
 * @param after in the later state; {@code null} if there is none
 * @param expired whether the entry is gone because its deadline passed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record KeyChange(
        Keyspace keyspace,
        byte[] key,
        @Nullable Stored before,
        @Nullable Stored after,
        boolean expired) {}
