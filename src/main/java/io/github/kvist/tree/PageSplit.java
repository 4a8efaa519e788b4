// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.tree;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Cuts entries that no longer fit into one page: at one half byte, into children for one radix node. */
final class PageSplit {
    private final Draft draft;
    private final @Nullable Object owner;
    private final int position;
    private int[] labels = new int[2];
    private Object[] kids = new Object[2];
    private int count;

    private PageSplit(Draft draft, @Nullable Object owner, int position) {
        this.draft = draft;
        this.owner = owner;
        this.position = position;
    }

    /** A leaf of some entries if they fit into one, else a radix node over several. */
    static Object tree(Draft draft, @Nullable Object owner, int from, int to, int aim) {
        if (draft.fits(from, to)) {
            return draft.write(from, to);
        }
        return at(draft, owner, draft.divergence(from, to - 1), from, to, aim).inner();
    }

    /**
     * Cuts at a half byte at which the first and the last entry differ.
     *
     * @param aim the entry nearest to which the first cut should be
     */
    static PageSplit at(Draft draft, @Nullable Object owner, int position, int from, int to, int aim) {
        PageSplit split = new PageSplit(draft, owner, position);
        int cut = split.cut(from, to, aim);
        split.add(from, cut);
        split.add(cut, to);
        return split;
    }

    private void add(int from, int to) {
        if (draft.label(from, position) == draft.label(to - 1, position) || draft.fits(from, to)) {
            if (count == kids.length) {
                labels = Arrays.copyOf(labels, 2 * count);
                kids = Arrays.copyOf(kids, 2 * count);
            }
            labels[count] = draft.label(from, position);
            kids[count++] = tree(draft, owner, from, to, (from + to) >>> 1);
            return;
        }
        int cut = cut(from, to, (from + to) >>> 1);
        add(from, cut);
        add(cut, to);
    }

    /** The change of label nearest to an entry. */
    private int cut(int from, int to, int aim) {
        int best = 0;
        int bestDistance = Integer.MAX_VALUE;
        int label = draft.label(from, position);
        for (int i = from + 1; i < to; i++) {
            int next = draft.label(i, position);
            int distance = Math.abs(i - aim);
            if (next != label && distance < bestDistance) {
                best = i;
                bestDistance = distance;
            }
            label = next;
        }
        return best;
    }

    int[] labels() {
        return labels;
    }

    Object[] kids() {
        return count == kids.length ? kids : Arrays.copyOf(kids, count);
    }

    /** The height of the highest child. */
    int height() {
        int height = 0;
        for (int i = 0; i < count; i++) {
            height = Math.max(height, Node.height(kids[i]));
        }
        return height;
    }

    private Inner inner() {
        return Inner.of(owner, position, labels, kids());
    }
}
