// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.api.Index;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a merge knows of a table: how it is defined on the three sides, and the keys that the fork changed. */
final class MergedTable {

    final String name;
    final @Nullable Definition here;
    final @Nullable Definition base;
    final @Nullable Definition changed;
    final Keys keys = new Keys();

    MergedTable(String name, @Nullable Definition here, @Nullable Definition base, @Nullable Definition changed) {
        this.name = name;
        this.here = here;
        this.base = base;
        this.changed = changed;
    }

    /** Whether the fork made or changed the definition. */
    boolean isRedefinedByFork() {
        return !Objects.equals(changed, base);
    }

    /** Whether the definition has to come with the records: an earlier merge brought none, and so not the definition either. */
    boolean bringsDefinition() {
        return isRedefinedByFork() || (here == null && changed != null);
    }

    /** Whether this side made or changed the definition, and not in the way of the fork. */
    boolean isRedefinedHere() {
        return here != null && !Objects.equals(here, base) && !Objects.equals(here, changed);
    }

    /** Whether an index of this name, as the fork has it, is unique. */
    boolean isUnique(String index) {
        return changed != null
                && changed.indexes().stream()
                        .anyMatch(one ->
                                one.kind() == Index.Kind.UNIQUE && one.name().equals(index));
    }

    /** Keys by their bytes. */
    static final class Keys {
        private final TreeSet<byte[]> all = new TreeSet<>(Arrays::compareUnsigned);
        private final TreeSet<Integer> lengths = new TreeSet<>();

        void add(byte[] key) {
            all.add(key);
            lengths.add(key.length);
        }

        /** Those with which {@code entry} ends. */
        List<byte[]> endsOf(byte[] entry) {
            List<byte[]> ends = new ArrayList<>(1);
            for (int length : lengths.headSet(entry.length, true)) {
                byte[] end = Arrays.copyOfRange(entry, entry.length - length, entry.length);
                if (all.contains(end)) {
                    ends.add(end);
                }
            }
            return ends;
        }
    }
}
