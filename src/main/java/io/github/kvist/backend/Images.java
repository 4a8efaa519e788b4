// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend;

import io.github.kvist.api.ProgressListener;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.LongConsumer;

/**
 * For backends that can write all that a view shows as one image, and take one back.
 *
 * <p>An image is read from its first byte to its last: the stream ends with it. Streams are their caller's to close.
 */
public interface Images {

    /**
     * Writes an image of an open view, beside all else that happens; memory for one block is enough.
     *
     * @param listener is told of the entries of all keyspaces, behind each block; an exception from it ends the work
     * @throws io.github.kvist.api.KvException.Unavailable if the stream fails
     */
    void write(View view, OutputStream target, ProgressListener listener);

    /**
     * Reads an image and checks all its checksums; memory for one block is enough.
     *
     * @param where what the stream reads from, for messages
     * @param entries is told behind each block how many entries were read; an exception from it ends the work
     * @throws io.github.kvist.api.KvException.Corrupt if any byte is not as it was written
     * @throws io.github.kvist.api.KvException.UnsupportedFormat if it is none, or of a newer format
     * @throws io.github.kvist.api.KvException.Unavailable if the stream fails
     */
    void verify(InputStream image, String where, LongConsumer entries);

    /**
     * Puts an image in place of all that is stored, as one commit that is durable before it is visible. Its revision is the
     * image's, or the next one here if that is higher. Transactions that began before it conflict.
     *
     * @param check may refuse, by an exception
     * @throws io.github.kvist.api.KvException as {@link #verify}; nothing has changed then
     * @throws io.github.kvist.api.KvException.OutcomeUnknown if only the next opening will tell which of both is stored
     */
    void restore(InputStream image, String where, RestoreCheck check);

    /** Looks at what is to be restored, while no commit comes between. */
    @FunctionalInterface
    interface RestoreCheck {

        /** Throws to refuse; then nothing happens. */
        void check(View present, View restored);
    }
}
