// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import io.github.kvist.api.Finding;
import io.github.kvist.api.KvException;
import io.github.kvist.backend.Remains;
import io.github.kvist.backend.Remains.Checkpoint;
import io.github.kvist.backend.Remains.Piece;
import io.github.kvist.checkpoint.CheckpointReader;
import io.github.kvist.checkpoint.Image;
import io.github.kvist.checkpoint.ImageSalvage;
import io.github.kvist.checkpoint.PartialImage;
import io.github.kvist.tree.RadixTree;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts a store together from what is left of a damaged one.
 *
 * @param revision the newest commit in it, as the damaged store counted
 * @param newestRevision the newest commit that anything still told of
 * @param commitsLeftOut commits that could be read and are not in it
 * @param image what was saved, at a revision above all that the damaged store counted
 * @param findings what was lost or left out
 */
public record Salvage(long revision, long newestRevision, long commitsLeftOut, Image image, List<Finding> findings) {

    /** Beyond it somebody made up the numbers, and nothing could be counted after them. */
    private static final long REVISION_MAX = Long.MAX_VALUE / 2;

    /** What the store may have given out beyond what is left of it, see {@link Recovered}. */
    private static final long VERSIONS_SKIPPED = 1L << 20;

    /** A whole checkpoint, or the empty beginning, and the frames that continue it without a gap. */
    private record Prefix(Image image, List<Piece> frames) {
        long revision() {
            return frames.isEmpty()
                    ? image.revision()
                    : Math.max(image.revision(), frames.get(frames.size() - 1).last());
        }
    }

    /**
     * All that the store held at the newest revision that can be proven.
     *
     * @throws KvException.Corrupt if none can
     */
    public static Salvage prefixOf(Remains remains) {
        List<Finding> findings = new ArrayList<>(remains.findings());
        Prefix prefix = longestPrefix(remains, findings);
        if (prefix == null) {
            throw new KvException.Corrupt(
                    remains.description()
                            + ": no checkpoint in it is whole, and the log does not reach back to its beginning, so that no state can be"
                            + " proven. Nothing was changed; restore a backup, or save what can be read with SalvageMode.RECORDS.");
        }
        Rebuilding rebuilding = new Rebuilding(prefix.image);
        remains.read(prefix.frames, rebuilding::frame);
        return of(remains, rebuilding, prefix.frames, findings);
    }

    /** All records that can be read. */
    public static Salvage recordsOf(Remains remains) {
        List<Finding> findings = new ArrayList<>(remains.findings());
        Prefix prefix = longestPrefix(remains, findings);
        Rebuilding rebuilding;
        if (prefix != null) {
            rebuilding = new Rebuilding(prefix.image);
        } else {
            rebuilding = new Rebuilding(partialImage(remains, findings));
        }
        List<Piece> frames =
                remains.frames().stream().filter(piece -> !piece.isEnd()).toList();
        addGaps(rebuilding.revision(), frames, remains.description(), findings);
        remains.read(frames, rebuilding::frameAfterAnyGap);
        findings.addAll(rebuilding.nameAll());
        return of(remains, rebuilding, frames, findings);
    }

    private static void addGaps(long revision, List<Piece> frames, String where, List<Finding> findings) {
        long reached = revision;
        for (Piece piece : frames) {
            if (piece.first() > reached + 1) {
                findings.add(new Finding(where, revisions(reached + 1, piece.first() - 1) + " lost."));
            }
            reached = Math.max(reached, piece.last());
        }
    }

    private static String revisions(long first, long last) {
        return first == last ? "revision " + first + " is" : "revisions %d to %d are".formatted(first, last);
    }

    private static Salvage of(Remains remains, Rebuilding rebuilding, List<Piece> used, List<Finding> findings) {
        long newest = Math.max(remains.newestRevision(), rebuilding.revision());
        if (newest > REVISION_MAX) {
            throw new KvException.Corrupt(remains.description() + " names revision " + newest
                    + ", which no store reaches, under a right checksum. It was made up; restore a backup.");
        }
        if (newest > rebuilding.revision()) {
            findings.add(new Finding(
                    remains.description(), revisions(rebuilding.revision() + 1, newest) + " lost or left out."));
        }
        long leftOut = 0;
        Set<Piece> brought = new HashSet<>(used);
        for (Piece piece : remains.frames()) {
            if (!piece.isEnd() && piece.last() > rebuilding.revision() && !brought.contains(piece)) {
                leftOut += piece.last() - Math.max(piece.first(), rebuilding.revision() + 1) + 1;
            }
        }
        Image image = rebuilding.image(newest + 1, VERSIONS_SKIPPED);
        return new Salvage(rebuilding.revision(), newest, leftOut, image, List.copyOf(findings));
    }

    private static @Nullable Prefix longestPrefix(Remains remains, List<Finding> findings) {
        List<Piece> frames = remains.frames();
        Prefix longest = null;
        for (Checkpoint checkpoint : remains.checkpoints()) {
            Image image = checkpoint.isIdentified() ? whole(checkpoint, findings) : null;
            Prefix prefix = image == null ? null : new Prefix(image, behind(image.revision(), frames));
            if (prefix != null && (longest == null || prefix.revision() > longest.revision())) {
                longest = prefix;
            }
        }
        if (longest != null) {
            return longest;
        }
        List<Piece> fromTheBeginning = behind(0, frames);
        return fromTheBeginning.isEmpty() ? null : new Prefix(new Image(0, 0, 0, List.of()), fromTheBeginning);
    }

    private static @Nullable Image whole(Checkpoint checkpoint, List<Finding> findings) {
        try {
            return CheckpointReader.read(checkpoint.source());
        } catch (KvException.Corrupt | KvException.UnsupportedFormat | KvException.Unavailable damaged) {
            findings.add(new Finding(checkpoint.source().description(), "it is damaged: " + damaged.getMessage()));
            return null;
        }
    }

    /** The frames that go on after a revision, each written right after the one before. */
    private static List<Piece> behind(long revision, List<Piece> frames) {
        List<Piece> chain = new ArrayList<>();
        for (Piece piece : frames) {
            Piece last = chain.isEmpty() ? null : chain.get(chain.size() - 1);
            boolean isNext = last == null
                    ? !piece.isEnd() && piece.first() <= revision + 1 && piece.last() > revision
                    : piece.follows(last);
            if (isNext) {
                chain.add(piece);
            }
        }
        chain.removeIf(Piece::isEnd);
        return chain;
    }

    /** Of the checkpoint that seems to be the newest. */
    private static Image partialImage(Remains remains, List<Finding> findings) {
        for (Checkpoint checkpoint : remains.checkpoints()) {
            PartialImage partial = ImageSalvage.read(checkpoint.source());
            if (partial.trees().stream().anyMatch(tree -> tree.count() > 0)) {
                partial.losses().forEach(loss -> findings.add(new Finding(loss.where(), loss.what())));
                long revision = partial.revision() >= 0 ? partial.revision() : before(remains.frames());
                return new Image(revision, Math.max(0, partial.versions()), partial.millis(), partial.trees());
            }
        }
        return new Image(0, 0, 0, List.<RadixTree>of());
    }

    private static long before(List<Piece> frames) {
        return frames.stream()
                .filter(piece -> !piece.isEnd())
                .mapToLong(piece -> piece.first() - 1)
                .min()
                .orElse(0);
    }
}
