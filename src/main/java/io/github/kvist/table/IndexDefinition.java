// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.api.Index;

/** What a store remembers of an index. An extractor has no other identity than its revision. */
record IndexDefinition(String name, String codec, Index.Kind kind, int revision) {

    static IndexDefinition of(Index<?, ?> index) {
        return new IndexDefinition(
                index.name(), Definition.checkedId(index.codec().id()), index.kind(), index.revision());
    }

    @Override
    public String toString() {
        return name + " (" + kind + ", " + codec + ", revision " + revision + ")";
    }
}
