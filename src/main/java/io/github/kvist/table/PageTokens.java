// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.api.PageToken;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Where a page ended, as text: Base64 (URL) of
 *
 * <pre>
 * u8 format (1) | u8 direction (0 forward, 1 reverse) | u64 identity of the scan | key of the last entry
 * </pre>
 *
 * <p>The identity catches mistakes, not attacks: a token can only ever lead to a place inside its own scan.
 */
final class PageTokens {

    private static final byte FORMAT = 1;
    private static final int HEAD_BYTES = 2 + Long.BYTES;
    private static final long FNV_START = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private PageTokens() {}

    /** FNV-1a over the names and the range, each closed by its length. */
    static long identity(String table, String index, Bounds bounds) {
        long hash = mixed(FNV_START, table.getBytes(StandardCharsets.UTF_8));
        hash = mixed(hash, index.getBytes(StandardCharsets.UTF_8));
        hash = mixed(hash, bounds.from());
        byte[] to = bounds.to();
        return to == null ? hash : mixed(hash, to);
    }

    private static long mixed(long start, byte[] bytes) {
        long hash = start;
        for (byte b : bytes) {
            hash = (hash ^ Byte.toUnsignedInt(b)) * FNV_PRIME;
        }
        return (hash ^ bytes.length) * FNV_PRIME;
    }

    static PageToken token(byte[] last, Walk<?, ?> walk, boolean reverse) {
        byte[] token = ByteBuffer.allocate(HEAD_BYTES + last.length)
                .put(FORMAT)
                .put(direction(reverse))
                .putLong(walk.identity())
                .put(last)
                .array();
        return PageToken.parse(Base64.getUrlEncoder().withoutPadding().encodeToString(token));
    }

    /**
     * What is left of a scan behind the page that gave {@code token}.
     *
     * @throws IllegalArgumentException if another scan or direction gave it, or none
     */
    static Bounds rest(PageToken token, Walk<?, ?> walk, boolean reverse) {
        ByteBuffer bytes = decoded(token);
        if (bytes.remaining() < HEAD_BYTES || bytes.get() != FORMAT) {
            throw refused("is not one of this version. Start again from the first page.", null);
        }
        byte direction = bytes.get();
        if (bytes.getLong() != walk.identity()) {
            throw refused("belongs to another table, index or range. Give it to the scan it came from.", null);
        }
        if (direction != direction(reverse)) {
            throw refused("belongs to the other direction. Give it to the scan it came from.", null);
        }
        byte[] last = new byte[bytes.remaining()];
        bytes.get(last);
        if (!walk.bounds().contains(last)) {
            throw refused("leads out of its scan. Start again from the first page.", null);
        }
        return walk.bounds().beyond(last, reverse);
    }

    private static ByteBuffer decoded(PageToken token) {
        try {
            return ByteBuffer.wrap(Base64.getUrlDecoder().decode(token.toString()));
        } catch (IllegalArgumentException notBase64) {
            throw refused("is not the text of a token. Use what PageToken.toString gave.", notBase64);
        }
    }

    private static byte direction(boolean reverse) {
        return (byte) (reverse ? 1 : 0);
    }

    private static IllegalArgumentException refused(String why, @Nullable IllegalArgumentException cause) {
        return new IllegalArgumentException("The page token " + why, cause);
    }
}
