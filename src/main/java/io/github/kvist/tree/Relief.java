// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.tree;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the depth: radix descent alone gives keys like b, ab, aab … one level each.
 *
 * <p>Where a path has more than {@value #HEIGHT_MAX} radix nodes, what lies below its middle becomes comparison nodes, so
 * that the next such conversion is half the bound away.
 */
final class Relief {
    static final int HEIGHT_MAX = 48;
    private static final int KEPT = 24;

    private Relief() {}

    static Object of(Object root, @Nullable Object owner) {
        return Node.height(root) <= HEIGHT_MAX ? root : relieved(root, 0, owner);
    }

    private static Object relieved(Object node, int depth, @Nullable Object owner) {
        if (depth + Node.height(node) <= HEIGHT_MAX) {
            return node;
        }
        if (depth == KEPT) {
            return Sep.over(repacked(node));
        }
        Inner copy = ((Inner) node).own(owner);
        for (int i = 0; i < copy.kids.length; i++) {
            copy.kids[i] = relieved(copy.kids[i], depth + 1, owner);
        }
        copy.sum();
        return copy;
    }

    /** The leaves below a node, in order; small neighbours, of which such keys make many, are merged. */
    private static List<Object> repacked(Object node) {
        List<Object> leaves = new ArrayList<>();
        Path path = new Path();
        path.first(node);
        for (Object leaf = path.current(); leaf != null; leaf = path.nextLeaf()) {
            int last = leaves.size() - 1;
            Object merged = last < 0 ? null : Leaf.merged(leaves.get(last), leaf);
            if (merged == null) {
                leaves.add(leaf);
            } else {
                leaves.set(last, merged);
            }
        }
        return leaves;
    }
}
