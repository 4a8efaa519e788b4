// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.checkpoint;

import io.github.kvist.format.ImageBlock;
import io.github.kvist.format.ImageFooter;
import io.github.kvist.format.ImageHeader;
import io.github.kvist.format.ImageTail;
import io.github.kvist.tree.RadixTree;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An image put together by hand, with right checksums, that may say what no writer ever says. */
final class HandmadeImage {
    private final ByteArrayOutputStream blocks = new ByteArrayOutputStream();
    private final ByteArrayOutputStream headers = new ByteArrayOutputStream();
    private final List<ImageFooter.Tree> totals = new ArrayList<>();
    private final long revision;
    private long footerRevision;
    private long versions;

    HandmadeImage(long revision) {
        this.revision = revision;
        this.footerRevision = revision;
    }

    HandmadeImage footerRevision(long other) {
        footerRevision = other;
        return this;
    }

    HandmadeImage versions(long other) {
        versions = other;
        return this;
    }

    /** A block of one value. */
    HandmadeImage value(int tree, byte[] value) {
        return block(tree, 0, 0, value);
    }

    /** All pages of a tree in one block; short values lie in it, long ones before it. */
    HandmadeImage pages(int number, RadixTree tree) {
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        int[] pages = new int[1];
        tree.pages((page, big, underSep) -> {
            pages[0]++;
            payload.writeBytes(page(page, big, underSep));
        });
        return block(number, pages[0], tree.count(), payload.toByteArray());
    }

    HandmadeImage block(int tree, int pages, long entries, byte[] payload) {
        byte[] header = new byte[ImageBlock.BYTES];
        long position = ImageHeader.BYTES + blocks.size();
        ImageBlock.encode(header, 0, position, tree, pages, entries, payload, 0, payload.length);
        blocks.writeBytes(header);
        blocks.writeBytes(payload);
        headers.writeBytes(header);
        return this;
    }

    /** What the footer says of the next tree. */
    HandmadeImage total(long entries, long bytes) {
        totals.add(new ImageFooter.Tree(entries, bytes));
        return this;
    }

    HandmadeImage total(RadixTree tree) {
        return total(tree.count(), tree.bytes());
    }

    byte[] bytes() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(new ImageHeader(revision).encode());
        all.writeBytes(blocks.toByteArray());
        long footerAt = all.size();
        byte[] footer = ImageFooter.encode(footerRevision, versions, 0, totals, headers.toByteArray(), headers.size());
        all.writeBytes(footer);
        all.writeBytes(ImageTail.behind(footerAt, footer).encode());
        return all.toByteArray();
    }

    static byte[] page(byte[] page, byte @Nullable [][] big, boolean underSep) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(
                number(page.length | (big == null ? 0 : ImageBlock.BIG) | (underSep ? ImageBlock.UNDER_SEP : 0)));
        bytes.writeBytes(page);
        if (big != null) {
            bytes.writeBytes(number(big.length));
            for (byte[] value : big) {
                bytes.writeBytes(number(value.length));
            }
            for (byte[] value : big) {
                if (value.length < ImageBlock.OWN_BLOCK_BYTES) {
                    bytes.writeBytes(value);
                }
            }
        }
        return bytes.toByteArray();
    }

    static byte[] number(int number) {
        return ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(number)
                .array();
    }
}
