// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.checkpoint;

import io.github.kvist.api.KvException;
import io.github.kvist.backend.Storage.CheckpointSource;
import io.github.kvist.format.ImageBlock;
import io.github.kvist.format.ImageHeader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Finds the blocks of an image whose footer is damaged: wherever a header names just this position, and its checksum is right. Computes
 * checksums over at most {@value #SEARCH_FACTOR} times the image, whatever its bytes pretend to be.
 */
final class BlockSearch {
    private static final int SEARCH_FACTOR = 4;
    private static final int PIECE = 1 << 20;

    private final CheckpointSource source;
    private final long length;
    private final byte[] piece;
    private long pieceStart;
    private int pieceLength;
    private long checksummed;

    private BlockSearch(CheckpointSource source) {
        this.source = source;
        this.length = source.length();
        this.piece = new byte[(int) Math.min(PIECE, Math.max(length, ImageBlock.BYTES))];
    }

    static List<ImageBlock> in(CheckpointSource source) {
        return new BlockSearch(source).blocks();
    }

    private List<ImageBlock> blocks() {
        List<ImageBlock> found = new ArrayList<>();
        ByteBuffer buffer = ByteBuffer.wrap(piece).order(ByteOrder.LITTLE_ENDIAN);
        for (long at = ImageHeader.BYTES; at + ImageBlock.BYTES <= length; ) {
            fill(at, ImageBlock.BYTES);
            int index = (int) (at - pieceStart);
            boolean isHere = buffer.getLong(index + 8) == at;
            ImageBlock block = isHere ? ImageBlock.decode(buffer, index) : null;
            if (block != null && isPossible(block) && isWhole(block)) {
                found.add(block);
                at = block.end();
            } else {
                at++;
            }
            if (checksummed > SEARCH_FACTOR * length) {
                break;
            }
        }
        return found;
    }

    private boolean isPossible(ImageBlock block) {
        boolean isPlaced = block.length() > 0
                && block.end() <= length
                && block.tree() >= 0
                && block.tree() <= PartialImage.TREES_MAX;
        boolean hasCounts = block.pages() == 0
                ? block.entries() == 0
                : block.pages() > 0
                        && block.length() <= ImageBlock.BLOCK_BYTES_MAX
                        && block.pages() <= block.length() / ImageBlock.PAGE_BYTES_MIN;
        return isPlaced && hasCounts;
    }

    private boolean isWhole(ImageBlock block) {
        checksummed += block.length();
        CRC32C crc = new CRC32C();
        long from = block.position() + Integer.BYTES;
        while (from < block.end()) {
            int count = (int) Math.min(piece.length, block.end() - from);
            fill(from, count);
            crc.update(piece, (int) (from - pieceStart), count);
            from += count;
        }
        return (int) crc.getValue() == block.crc();
    }

    /** Makes sure that these bytes are in the piece; what cannot be read counts as zeros. */
    private void fill(long position, int count) {
        if (position >= pieceStart && position + count <= pieceStart + pieceLength) {
            return;
        }
        pieceStart = position;
        pieceLength = (int) Math.min(piece.length, length - position);
        try {
            source.read(position, piece, 0, pieceLength);
        } catch (KvException unreadable) {
            Arrays.fill(piece, 0, pieceLength, (byte) 0);
        }
    }
}
