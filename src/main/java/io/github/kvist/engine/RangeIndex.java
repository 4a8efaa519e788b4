// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import java.util.Comparator;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Ranges of keys, and what is registered for each: finds those that cover a key in O(log n) for each found.
 *
 * <p>The interval tree of Cormen et al., "Introduction to Algorithms", on the treap of Seidel and Aragon, "Randomized search
 * trees" (Algorithmica 1996). Confined to one thread at a time.
 */
final class RangeIndex<T> {

    private final Comparator<byte[]> order;
    private final SplittableRandom random = new SplittableRandom(1);
    private @Nullable Node<T> root;
    private long added;

    RangeIndex(Comparator<byte[]> order) {
        this.order = order;
    }

    /** Registers {@code value}; what it returns is for {@link #remove}. */
    Node<T> add(byte[] from, byte @Nullable [] to, T value) {
        Node<T> node = new Node<>(from, to, value, added++, random.nextInt());
        root = insert(root, node);
        return node;
    }

    void remove(Node<T> node) {
        root = delete(root, node);
    }

    boolean isEmpty() {
        return root == null;
    }

    /** The lowest start of a range; only of an index that is not empty. */
    byte[] from() {
        Node<T> lowest = Objects.requireNonNull(root, "an empty index has no start");
        while (lowest.left != null) {
            lowest = lowest.left;
        }
        return lowest.from;
    }

    /** The highest end of a range; {@code null} for the end of all keys. */
    byte @Nullable [] to() {
        return root == null ? null : root.highest;
    }

    /** Whether any range holds {@code key}. */
    boolean covers(byte[] key) {
        return covers(root, key);
    }

    private boolean covers(@Nullable Node<T> tree, byte[] key) {
        Node<T> node = tree;
        while (node != null && isBelow(key, node.highest)) {
            if (order.compare(node.from, key) > 0) {
                node = node.left;
            } else if (isBelow(key, node.to) || covers(node.left, key)) {
                return true;
            } else {
                node = node.right;
            }
        }
        return false;
    }

    /** Shows everything whose range holds {@code key}. */
    void covering(byte[] key, Consumer<? super T> found) {
        covering(root, key, found);
    }

    private void covering(@Nullable Node<T> node, byte[] key, Consumer<? super T> found) {
        if (node == null || !isBelow(key, node.highest)) {
            return;
        }
        covering(node.left, key, found);
        if (order.compare(node.from, key) <= 0) {
            if (isBelow(key, node.to)) {
                found.accept(node.value);
            }
            covering(node.right, key, found);
        }
    }

    private boolean isBelow(byte[] key, byte @Nullable [] end) {
        return end == null || order.compare(key, end) < 0;
    }

    void forEach(Consumer<? super T> action) {
        forEach(root, action);
    }

    private void forEach(@Nullable Node<T> node, Consumer<? super T> action) {
        if (node != null) {
            forEach(node.left, action);
            action.accept(node.value);
            forEach(node.right, action);
        }
    }

    private Node<T> insert(@Nullable Node<T> tree, Node<T> node) {
        if (tree == null) {
            return node;
        }
        if (node.priority > tree.priority) {
            split(tree, node);
            return summed(node);
        }
        if (compare(node, tree) < 0) {
            tree.left = insert(tree.left, node);
        } else {
            tree.right = insert(tree.right, node);
        }
        return summed(tree);
    }

    /** Hangs what is below {@code node} to its left and the rest to its right. */
    private void split(Node<T> tree, Node<T> node) {
        Node<T> outer = new Node<>(node.from, node.to, node.value, node.id, 0);
        cut(tree, node, outer);
        node.left = outer.left;
        node.right = outer.right;
    }

    private void cut(@Nullable Node<T> tree, Node<T> at, Node<T> parts) {
        if (tree == null) {
            parts.left = null;
            parts.right = null;
        } else if (compare(tree, at) < 0) {
            cut(tree.right, at, parts);
            tree.right = parts.left;
            parts.left = summed(tree);
        } else {
            cut(tree.left, at, parts);
            tree.left = parts.right;
            parts.right = summed(tree);
        }
    }

    private @Nullable Node<T> delete(@Nullable Node<T> tree, Node<T> node) {
        if (tree == null) {
            return null;
        }
        if (tree == node) {
            return merge(tree.left, tree.right);
        }
        if (compare(node, tree) < 0) {
            tree.left = delete(tree.left, node);
        } else {
            tree.right = delete(tree.right, node);
        }
        return summed(tree);
    }

    private @Nullable Node<T> merge(@Nullable Node<T> left, @Nullable Node<T> right) {
        if (left == null || right == null) {
            return left == null ? right : left;
        }
        if (left.priority > right.priority) {
            left.right = merge(left.right, right);
            return summed(left);
        }
        right.left = merge(left, right.left);
        return summed(right);
    }

    private int compare(Node<T> a, Node<T> b) {
        int byStart = order.compare(a.from, b.from);
        return byStart != 0 ? byStart : Long.compare(a.id, b.id);
    }

    private Node<T> summed(Node<T> node) {
        node.highest = higher(node.to, higher(node.left, node.right));
        return node;
    }

    private byte @Nullable [] higher(@Nullable Node<T> left, @Nullable Node<T> right) {
        if (left == null || right == null) {
            Node<T> only = left == null ? right : left;
            return only == null ? NOTHING : only.highest;
        }
        return higher(left.highest, right.highest);
    }

    private byte @Nullable [] higher(byte @Nullable [] a, byte @Nullable [] b) {
        if (a == null || b == null) {
            return null;
        }
        return order.compare(a, b) >= 0 ? a : b;
    }

    /** An end below which there is no key. */
    private static final byte[] NOTHING = {};

    /** A range and what is registered for it. */
    static final class Node<T> {
        private final byte[] from;
        private final byte @Nullable [] to;
        private final T value;
        private final long id;
        private final int priority;
        private @Nullable Node<T> left;
        private @Nullable Node<T> right;
        // The highest end in this subtree; null for the end of all keys.
        private byte @Nullable [] highest;

        private Node(byte[] from, byte @Nullable [] to, T value, long id, int priority) {
            this.from = from;
            this.to = to;
            this.value = value;
            this.id = id;
            this.priority = priority;
            this.highest = to;
        }
    }
}
