// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.checkpoint;

import io.github.kvist.tree.RadixTree;
import java.util.List;

/**
 * The durable image of one revision.
 *
 * @param versions the highest version given out up to that revision
 * @param millis time of its commit, since the epoch
 * @param trees by number; 0 is the catalogue
 */
public record Image(long revision, long versions, long millis, List<RadixTree> trees) {
    public Image {
        if (revision < 0 || versions < 0) {
            throw new IllegalArgumentException(
                    "Revision and versions count from 0, they cannot be " + revision + " and " + versions + ".");
        }
        trees = List.copyOf(trees);
    }
}
