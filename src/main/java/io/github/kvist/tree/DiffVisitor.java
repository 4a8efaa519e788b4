// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.tree;

import org.jspecify.annotations.Nullable;

/** Told of the keys at which two trees differ. */
@FunctionalInterface
public interface DiffVisitor {
    /**
     * Called once per key, in key order.
     *
     * @param key a fresh copy
     * @param before the entry in the first tree, null if the key is absent there
     * @param after the entry in the second tree, null if the key is absent there; never both null
     * @return whether to go on
     */
    boolean visit(byte[] key, @Nullable TreeEntry before, @Nullable TreeEntry after);
}
