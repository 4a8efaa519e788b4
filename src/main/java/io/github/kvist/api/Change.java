// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.api;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What became of one key of a table between two states: between two snapshots, or before and after a commit. Immutable, but
 * for arrays that a codec decodes to.
 *
 * <p>It is the net effect, whatever led there: never two changes of one key. A put of an equal value is a change, a key that
 * came and went between the two states is none.
 *
 * @param table the constant that this store, or the one it is a fork of, was used with; for a table that the program never named
 *     one of its bytes
 * @param before the value in the earlier state; {@code null} if the key was absent or due there
 * @param after the value in the later state; {@code null} if the key is absent or due there
 */
public record Change<K, V>(
        Table<K, V> table,
        Kind kind,
        K key,
        @Nullable V before,
        @Nullable V after) {

    /** How the key came to its later state. */
    public enum Kind {
        /** It has a value: a new one, or the same with another version or deadline. */
        PUT,
        /** It was removed. */
        DELETE,
        /** Its deadline passed. */
        EXPIRE
    }

    public Change {
        Objects.requireNonNull(table, "table");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(key, "key");
        if ((kind == Kind.PUT) != (after != null)) {
            throw new IllegalArgumentException(kind + (after == null ? " without" : " with")
                    + " a value after it. A put leaves a value, a removal none.");
        }
    }
}
