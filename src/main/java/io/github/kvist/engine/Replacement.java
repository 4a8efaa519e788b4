// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import io.github.kvist.api.KvException;
import io.github.kvist.backend.Images.RestoreCheck;
import io.github.kvist.checkpoint.Image;
import io.github.kvist.tree.RadixTree;
import io.github.kvist.tree.TreeCursor;
import io.github.kvist.tree.TreeEditor;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An image that is to take the place of all that a store holds. Its keyspaces get the numbers that the store has given, or gives
 * now, to their names: handles that are out stay good.
 */
final class Replacement {

    private static final byte[] START = {};

    private final Keyspaces keyspaces;
    private final Image image;
    private final RadixTree[] trees;
    private final RestoreCheck check;
    private volatile @Nullable RuntimeException refusal;

    /**
     * Prepares what does not depend on the state of the store.
     *
     * @throws KvException.Corrupt if names and trees of the image do not belong together
     */
    Replacement(Keyspaces keyspaces, Image image, RestoreCheck check, String where) {
        this.keyspaces = keyspaces;
        this.image = image;
        this.check = check;
        this.trees = renumbered(keyspaces, image.trees(), where);
    }

    long versions() {
        return image.versions();
    }

    /** The root after {@code head}, if the check agrees. */
    Root of(Root head, Instants instants) {
        long revision = Math.max(image.revision(), head.revision + 1);
        Root next = new Root(revision, Math.max(image.millis(), head.millis), trees, false);
        try {
            check.check(
                    new EngineView(keyspaces, head, instants.now()), new EngineView(keyspaces, next, instants.now()));
        } catch (RuntimeException refused) {
            refusal = refused;
            throw refused;
        }
        return next;
    }

    /** Why the check refused, if it did. */
    @Nullable
    RuntimeException refusal() {
        return refusal;
    }

    private static RadixTree[] renumbered(Keyspaces keyspaces, List<RadixTree> image, String where) {
        RadixTree[] trees = {RadixTree.empty()};
        if (image.isEmpty()) {
            return trees;
        }
        TreeEditor catalogue = RadixTree.empty().edit();
        int size = 1;
        boolean[] named = new boolean[image.size()];
        named[Keyspaces.CATALOGUE] = true;
        TreeCursor names = image.get(Keyspaces.CATALOGUE).forward(START, null);
        while (names.advance()) {
            EngineKeyspace here = keyspaces.named(Keyspaces.name(names));
            byte[] value = Keyspaces.catalogueValue(here);
            catalogue.put(names.key(), value, 0, value.length, names.version(), names.deadline());
            int there = Keyspaces.number(names);
            if (there < image.size()) {
                trees = withRoomFor(trees, here.number());
                trees[here.number()] = image.get(there);
                size = Math.max(size, here.number() + 1);
                named[there] = true;
            }
        }
        for (int i = 0; i < named.length; i++) {
            if (!named[i] && image.get(i).count() > 0) {
                throw new KvException.Corrupt(where + ": tree " + i + " of the image holds "
                        + image.get(i).count()
                        + " entries and has no name, though the checksums are right. Restore another backup.");
            }
        }
        trees[Keyspaces.CATALOGUE] = catalogue.freeze();
        return Arrays.copyOf(trees, size);
    }

    private static RadixTree[] withRoomFor(RadixTree[] trees, int number) {
        if (number < trees.length) {
            return trees;
        }
        RadixTree[] larger = Arrays.copyOf(trees, Math.max(number + 1, 2 * trees.length));
        Arrays.fill(larger, trees.length, larger.length, RadixTree.empty());
        return larger;
    }
}
