// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.museum;

import static io.github.kvist.museum.Exhibit.of;

import java.util.List;

/** Defects of the tree: pages and nodes, who may change them, and how two trees are compared. */
final class TreeHall {
    private TreeHall() {}

    static final List<Exhibit> EXHIBITS = List.of(
            of(
                    "the last byte of a prefix is not compared",
                    "tree.PageSearch",
                    "&& Words.equal(key, 0, page, at, prefix);",
                    "&& Words.equal(key, 0, page, at, Math.max(0, prefix - 1));",
                    "tree.RadixTreeTest#aKeyThatDiffersInOneByteOnlyIsNotFoundThoughItsFingerprintIsTheSame"),
            of(
                    "a page is split off by one",
                    "tree.PageSplit",
                    "split.add(from, cut); split.add(cut, to);",
                    "split.add(from, cut); split.add(cut, to - 1);",
                    "tree.RadixTreeModelTest#longRunsOfPutsAgreeWithASortedMap"),
            of(
                    "a key that departs in the half byte behind the prefix stays in the page",
                    "tree.PageSearch",
                    "return needed > position && Inner.label(key, position) != Page.label(page, 0, position) ? position : NOWHERE;",
                    "return NOWHERE;",
                    "tree.RadixTreeModelTest#longRunsOfPutsAgreeWithASortedMap"),
            of(
                    "the half byte at which a key departs is taken for the other one of its byte",
                    "tree.PageSearch",
                    "? position + 1 : position;",
                    "? position : position;",
                    "tree.RadixTreeModelTest#longRunsOfPutsAgreeWithASortedMap"),
            of(
                    "the suffix of a key is not compared once its fingerprint fits",
                    "tree.PageSearch",
                    "&& Words.equal(key, prefix, page, suffixAt, suffix)",
                    "",
                    "tree.RadixTreeModelTest#longRunsOfPutsAgreeWithASortedMap"),
            of(
                    "a copied page keeps the old fingerprints",
                    "tree.PageSplice",
                    "made[fingerprintsAt + i] = Words.fingerprint(key, 0, key.length);",
                    "made[fingerprintsAt + i] = Words.fingerprint(key, 0, Math.max(0, key.length - 1));",
                    "tree.RadixTreeModelTest#longRunsOfPutsAgreeWithASortedMap"),
            of(
                    "the owner of a node may go on changing it after a commit",
                    "tree.TreeEditor",
                    "token = null; isAlone = false;",
                    "isAlone = false;",
                    "tree.RadixTreeModelTest#longRunsOfPutsAgreeWithASortedMap"),
            of(
                    "pages are overwritten in place after a commit",
                    "tree.TreeEditor",
                    "token = null; isAlone = false;",
                    "token = null;",
                    "tree.RadixTreeModelTest#aTreeCanBeTakenOver"),
            of(
                    "a node of somebody else is changed in place",
                    "tree.Inner",
                    "return owner != null && owner == by ? this :",
                    "return owner != null ? this :",
                    "tree.RadixTreeModelTest#longRunsOfPutsAgreeWithASortedMap"),
            of(
                    "children are exchanged in a node of somebody else",
                    "tree.Inner",
                    "if (owner != null && owner == by) { bits = newBits;",
                    "if (owner != null) { bits = newBits;",
                    "tree.RadixTreeModelTest#longRunsOfPutsAgreeWithASortedMap"),
            of(
                    "a key equal to a separator goes to the left of it",
                    "tree.Sep",
                    "if (Words.compare(key, separators[middle]) < 0) {",
                    "if (Words.compare(key, separators[middle]) <= 0) {",
                    "tree.RadixTreeModelTest#longRunsOfPutsAgreeWithASortedMap"),
            of(
                    "a scan begins inside the subtree that its start lies behind",
                    "tree.Path",
                    "return nodes[level] instanceof Inner inner && inner.position() <= position;",
                    "return nodes[level] instanceof Inner inner && inner.position() < position;",
                    "tree.RadixTreeModelTest#rangesAgreeWithASortedMap"),
            of(
                    "a seek that ends behind a page stays there",
                    "tree.Path",
                    "if (index == Page.count(page)) { nextLeaf(); }",
                    "",
                    "tree.RadixTreeModelTest#seekGoesAheadAndNeverBack"),
            of(
                    "a deleted range leaves a child behind",
                    "tree.RangeCut",
                    "Arrays.fill(kept, first + 1, last, null);",
                    "Arrays.fill(kept, first + 1, Math.max(first + 1, last - 1), null);",
                    "tree.RadixTreeModelTest#deletedRangesAreGoneAndNothingElse"),
            of(
                    "a node that loses a child keeps the label of its neighbour",
                    "tree.Inner",
                    "bits & ~bit(labelAt(Math.max(slot, 1)))",
                    "bits & ~bit(labelAt(Math.max(slot - 1, 1)))",
                    "tree.RadixTreeModelTest#growthAndDeclineOfManyKeysAgreeWithASortedMap"),
            of(
                    "counts are not corrected on the way to a change",
                    "tree.PathCopy",
                    "next.account(entries, payload, earliest);",
                    "next.account(0, payload, earliest);",
                    "tree.RadixTreeModelTest#longRunsOfPutsAgreeWithASortedMap"),
            of(
                    "a node does not learn of an earlier deadline below",
                    "tree.Inner",
                    "deadline = Math.min(deadline, earliest);",
                    "",
                    "tree.RadixTreeModelTest#editsAgreeWithASortedMap"),
            of(
                    "a page keeps its bound though a replaced entry is due earlier",
                    "tree.PageSplice",
                    "&& deadline >= Page.deadline(page)",
                    "",
                    "tree.RadixTreeModelTest#editsAgreeWithASortedMap"),
            of(
                    "a difference takes pages with as many entries for the same",
                    "tree.Diff",
                    "if (left.subtree() == right.subtree()) {",
                    "if (left.subtree() == right.subtree()"
                            + " || (left.subtree() instanceof byte[] a && right.subtree() instanceof byte[] b"
                            + " && a.length == b.length && left.key()[0] == right.key()[0])) {",
                    "tree.RadixTreeModelTest#differencesAreExactlyTheChangedKeys"),
            of(
                    "a difference does not see a new version of the same value",
                    "tree.TreeEntry",
                    "return version == other.version && deadline",
                    "return deadline",
                    "tree.RadixTreeModelTest#differencesAreExactlyTheChangedKeys"),
            of(
                    "bytes of keys are compared signed",
                    "tree.Words",
                    "int difference = (a[aAt + i] & 0xff) - (b[bAt + i] & 0xff);",
                    "int difference = a[aAt + i] - b[bAt + i];",
                    "tree.RadixTreeModelTest#longRunsOfPutsAgreeWithASortedMap"),
            of(
                    "waiting puts are forgotten when a key is deleted",
                    "tree.TreeEditor",
                    "if (hasBuckets) { root = BucketEdit.settled(root, mark, key); }",
                    "",
                    "tree.RadixTreeModelTest#longRunsOfPutsAgreeWithASortedMap"),
            of(
                    "a chain of nodes may grow with each key",
                    "tree.Relief",
                    "return Node.height(root) <= HEIGHT_MAX ? root",
                    "return Node.height(root) >= 0 ? root",
                    "tree.RadixTreeTest#aChainBuiltInOrderStaysShallow"),
            of(
                    "a page takes more entries than its format has room for",
                    "tree.Page",
                    "(entries <= ENTRIES_MAX && bytes <=",
                    "(entries <= FORMAT_ENTRIES_MAX + 1 && bytes <=",
                    "tree.RadixTreeTest#noPageTakesMoreEntriesThanItsFormatHasRoomFor"));
}
