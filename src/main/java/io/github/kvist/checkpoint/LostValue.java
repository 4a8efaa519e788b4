// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.checkpoint;

import java.util.List;

/** Stands for a value in a block of its own that cannot be read. Known by identity. */
final class LostValue {

    /** Long enough for a value outside of its page. */
    static final byte[] BYTES = new byte[1024];

    private LostValue() {}

    /** Whether {@code values} are those whose lengths a block of pages lists, but for lost ones. */
    static boolean match(int[] lengths, List<byte[]> values) {
        if (lengths.length != values.size()) {
            return false;
        }
        for (int i = 0; i < lengths.length; i++) {
            byte[] value = values.get(i);
            if (value != BYTES && value.length != lengths[i]) {
                return false;
            }
        }
        return true;
    }
}
