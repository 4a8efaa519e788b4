// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.tree;

import java.util.ArrayList;
import java.util.List;

/**
 * Puts of a long run of puts: they wait in buckets at the leaves, and are sorted into pages many at a time.
 *
 * <p>So a page is copied once for dozens of puts and not once for each. This is the buffer tree of Arge ("The buffer tree: a
 * technique for designing batched external memory algorithms", Algorithmica 2003) with buffers at the leaves alone. Nodes do
 * not count what waits: an editor settles all buckets before it says how much it holds, and before anybody sees its tree.
 */
final class BucketEdit {
    /** Trees that are higher grow by keys of a hostile shape: there, a full bucket might become a path beyond the bound. */
    private static final int HEIGHT_MAX = Relief.HEIGHT_MAX / 2;

    private BucketEdit() {}

    /** Whether a tree may have buckets. */
    static boolean isFor(Object root) {
        return Node.height(root) <= HEIGHT_MAX;
    }

    static Object put(
            Object root, Object owner, byte[] key, byte[] value, int at, int length, long version, long deadline) {
        Inner last = null;
        Object node = root;
        while (node instanceof Inner inner) {
            last = inner;
            node = last.kids[last.slot(key)];
        }
        boolean isSmall = Bucket.isFor(key, length);
        if (node instanceof Bucket bucket && isSmall && bucket.admits(key)) {
            bucket.append(key, value, at, length, version, deadline);
            return bucket.isFull() ? settled(root, owner, key) : root;
        }
        int position = last == null ? 0 : last.position();
        if (isSmall && BigPage.isLeaf(node) && PageSearch.divergence(BigPage.page(node), key, position) >= position) {
            Bucket bucket = new Bucket(node, key, position);
            bucket.append(key, value, at, length, version, deadline);
            return PathCopy.replaced(root, owner, key, node, bucket, 0, 0, 0, RadixTree.NEVER, RadixTree.NEVER);
        }
        return TreeEdit.put(settled(root, owner, key), owner, key, value, at, length, version, deadline);
    }

    /** Sorts in what waits where a key leads. */
    static Object settled(Object root, Object owner, byte[] key) {
        Inner last = null;
        Object node = root;
        int depth = 0;
        while (node instanceof Inner inner) {
            last = inner;
            node = last.kids[last.slot(key)];
            depth++;
        }
        if (!(node instanceof Bucket bucket)) {
            return root;
        }
        byte[] page = BigPage.page(bucket.leaf);
        Draft draft = Draft.borrow();
        bucket.gather(draft);
        int entries = draft.count() - Page.count(page);
        long payload = draft.payload() - Page.payload(page, BigPage.big(bucket.leaf));
        Object settled = TreeEdit.replaced(
                root,
                owner,
                key,
                last,
                depth,
                node,
                draft,
                draft.count() / 2,
                entries,
                payload,
                draft.earliest(),
                Page.deadline(page));
        draft.release();
        return settled;
    }

    /** Sorts in everything that waits. */
    static Object settled(Object root, Object owner) {
        List<Bucket> buckets = new ArrayList<>();
        collect(root, owner, buckets);
        Object settled = root;
        for (Bucket bucket : buckets) {
            settled = settled(settled, owner, bucket.key());
        }
        return Relief.of(settled, owner);
    }

    private static void collect(Object node, Object owner, List<Bucket> buckets) {
        if (node instanceof Bucket bucket) {
            buckets.add(bucket);
        } else if (node instanceof Inner inner && inner.owner == owner) {
            for (Object kid : inner.kids) {
                collect(kid, owner, buckets);
            }
        }
    }
}
