// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.checkpoint;

import io.github.kvist.api.KvException;
import io.github.kvist.backend.Storage.CheckpointSource;
import io.github.kvist.format.ImageBlock;
import io.github.kvist.format.ImageFooter;
import io.github.kvist.format.ImageHeader;
import io.github.kvist.format.ImageTail;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads an image from a stream, front to back, where {@link CheckpointReader} can begin at its end. Confined to one thread.
 *
 * <p>Nothing says in advance what comes next, a block or the footer: a block names its own position, its payload is not empty, and
 * the upper half of its number of entries is zero, where a footer has the number of blocks. What was taken for a block is one if
 * the footer lists it.
 */
public final class ImageReader {
    /** What a reader of blocks has to be ready for. */
    private static final ImageBlock LARGEST = new ImageBlock(0, ImageBlock.BLOCK_BYTES_MAX, 0, 0, 1, 1);

    private static final int FOOTER_COUNTS = 32;

    private final InputStream in;
    private final String where;
    private final Payload payload = new Payload();
    private final BlockReader blocks = new BlockReader(payload, List.of(LARGEST));
    private long position;

    /** In all blocks so far. */
    private long entries;

    /** The headers of all blocks so far. */
    private byte[] headers = new byte[64 * ImageBlock.BYTES];

    private int headersEnd;

    private ImageReader(InputStream in, String where) {
        this.in = in;
        this.where = where;
    }

    /**
     * Reads and checks a whole image, and makes sure that the stream ends behind it.
     *
     * @param where what the stream reads from, for messages
     * @throws KvException.Corrupt if any byte is not as it was written, or cannot have been written
     * @throws KvException.UnsupportedFormat if it is of a newer version, or something else
     * @throws KvException.Unavailable if the stream fails
     */
    public static Image read(InputStream in, String where) {
        ImageTrees trees = new ImageTrees(where);
        ImageFooter footer = new ImageReader(in, where).read(trees::add);
        return new Image(footer.revision(), footer.versions(), footer.millis(), trees.all(footer.trees()));
    }

    /**
     * As {@link #read}, for its checksums alone: needs memory for one block only.
     *
     * @param entries is told behind each block how many entries were read
     */
    public static void verify(InputStream in, String where, LongConsumer entries) {
        ImageReader reader = new ImageReader(in, where);
        ImageFooter unused = reader.read(block -> entries.accept(reader.entries));
    }

    private ImageFooter read(Consumer<Block> visitor) {
        ImageHeader header = ImageHeader.decode(bytes(ImageHeader.BYTES), where);
        byte[] head = bytes(ImageBlock.BYTES);
        for (ImageBlock block = block(head); block != null; block = block(head)) {
            remember(head);
            Block content = read(block, head);
            entries += block.entries();
            visitor.accept(content);
            head = bytes(ImageBlock.BYTES);
        }
        ImageFooter footer = footer(head);
        if (footer.revision() != header.revision() || footer.revision() < 0 || footer.versions() < 0) {
            throw wrong("its header says revision " + header.revision() + " and its footer " + footer.revision());
        }
        if (readByte() >= 0) {
            throw wrong("bytes follow its end");
        }
        return footer;
    }

    /** The block that begins with {@code head}, or {@code null} if that is the footer. */
    private @Nullable ImageBlock block(byte[] head) {
        ImageBlock block = ImageBlock.decode(ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN), 0);
        boolean isBlock = block.position() == position - ImageBlock.BYTES
                && block.length() > 0
                && block.entries() >>> Integer.SIZE == 0;
        return isBlock ? block : null;
    }

    private Block read(ImageBlock block, byte[] head) {
        if (block.pages() != 0 && block.length() > ImageBlock.BLOCK_BYTES_MAX) {
            throw wrong("a block of pages has " + block.length() + " bytes");
        }
        if (block.pages() < 0 || block.pages() > block.length() / ImageBlock.PAGE_BYTES_MIN) {
            throw wrong("a block of " + block.length() + " bytes says that it holds "
                    + Integer.toUnsignedString(block.pages()) + " pages");
        }
        payload.set(block.position(), head, bytes(block.length()));
        return blocks.read(block);
    }

    private ImageFooter footer(byte[] head) {
        long footerAt = position - head.length;
        ByteBuffer counts = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
        long trees = Integer.toUnsignedLong(counts.getInt(24));
        if (Integer.toUnsignedLong(counts.getInt(28)) != headersEnd / ImageBlock.BYTES
                || trees > ImageTrees.TREES_MAX) {
            throw new KvException.Corrupt(
                    "%s, byte %d of the image: neither a block nor the footer begins here; it is damaged. Restore a backup."
                            .formatted(where, footerAt));
        }
        byte[] rest = bytes((int) trees * ImageFooter.TREE_BYTES + headersEnd);
        byte[] bytes = Arrays.copyOf(head, FOOTER_COUNTS + rest.length);
        System.arraycopy(rest, 0, bytes, FOOTER_COUNTS, rest.length);
        ImageTail tail = ImageTail.decode(bytes(ImageTail.BYTES), position, where);
        if (tail.footerPosition() != footerAt) {
            throw wrong("its footer lies at byte " + footerAt + ", its end says " + tail.footerPosition());
        }
        tail.check(bytes, where);
        ImageFooter footer = ImageFooter.decode(bytes, footerAt, where);
        ByteBuffer seen = ByteBuffer.wrap(headers).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < footer.blocks().size(); i++) {
            if (!footer.blocks().get(i).isAt(seen, i * ImageBlock.BYTES)) {
                throw wrong("block " + i + " is not the one that its footer knows");
            }
        }
        return footer;
    }

    private void remember(byte[] head) {
        if (headersEnd == headers.length) {
            headers = Arrays.copyOf(headers, Math.multiplyExact(headers.length, 2));
        }
        System.arraycopy(head, 0, headers, headersEnd, head.length);
        headersEnd += head.length;
    }

    /** Exactly so many; memory for them is taken as they come. */
    private byte[] bytes(int length) {
        try {
            byte[] bytes = in.readNBytes(length);
            position += bytes.length;
            if (bytes.length < length) {
                throw wrong("it ends there, where " + (length - bytes.length) + " more bytes belong");
            }
            return bytes;
        } catch (IOException failed) {
            throw unreadable(failed);
        }
    }

    private int readByte() {
        try {
            return in.read();
        } catch (IOException failed) {
            throw unreadable(failed);
        }
    }

    private KvException.Unavailable unreadable(IOException failed) {
        return new KvException.Unavailable(
                "%s cannot be read beyond byte %d of the image (%s); nothing was changed. Look at the cause, then try again."
                        .formatted(where, position, failed),
                failed);
    }

    private KvException.Corrupt wrong(String what) {
        return new KvException.Corrupt("%s, byte %d of the image: %s. It was cut or changed; restore another backup."
                .formatted(where, position, what));
    }

    /** The one block at hand, as a source. */
    private final class Payload implements CheckpointSource {
        private long start;
        private byte[] head = {};
        private byte[] bytes = {};

        void set(long at, byte[] blockHead, byte[] payloadBytes) {
            start = at;
            head = blockHead;
            bytes = payloadBytes;
        }

        @Override
        public long revision() {
            return 0;
        }

        @Override
        public long length() {
            return start + head.length + bytes.length;
        }

        @Override
        public String description() {
            return where;
        }

        @Override
        public void read(long from, byte[] target, int offset, int length) {
            int at = Math.toIntExact(from - start);
            int inHead = Math.max(0, Math.min(length, head.length - at));
            System.arraycopy(head, Math.min(at, head.length), target, offset, inHead);
            System.arraycopy(bytes, at + inHead - head.length, target, offset + inHead, length - inHead);
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
