// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.redis;

import io.github.kvist.api.KvException;
import io.github.kvist.backend.Stored;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What the server tells when a store is opened.
 *
 * @param client a number that no other client of the store has; 0 if it is only read
 * @param earliestDeadline of all entries; {@link Stored#NEVER} if none has one
 */
record Opening(long revision, long client, long earliestDeadline) {

    /**
     * Opens the store, and creates it if there is none.
     *
     * @throws KvException.Unsupported if there is none, and nothing may be written
     * @throws KvException.UnsupportedFormat if what is there is something else, or newer
     */
    static Opening of(Layout layout, Calls calls, RedisTime time, boolean isReadOnly) {
        List<?> answer = calls.list(new Request(Script.OPEN, layout.meta, layout.fences, layout.deadlines)
                .with(time.argument())
                .with(Layout.VERSION)
                .with(isReadOnly ? 0 : 1));
        String version = text(answer.get(0));
        if (version.equals("none")) {
            throw new KvException.Unsupported(
                    calls.description()
                            + ": there is no store of this name, and one that is opened read-only is not made. Check the prefix.");
        }
        if (version.isEmpty()) {
            throw new KvException.UnsupportedFormat(
                    calls.description()
                            + ": the keys of this name hold something else than a store; nothing was changed. Choose another prefix.");
        }
        if (!version.equals(Layout.VERSION)) {
            throw new KvException.UnsupportedFormat(calls.description() + ": the store has the layout " + version
                    + ", and this is version " + Layout.VERSION + "; nothing was changed. Use a newer Kvist.");
        }
        time.tell(Sortable.read((byte[]) answer.get(2), 0));
        return new Opening((Long) answer.get(1), (Long) answer.get(3), deadline(answer.get(4)));
    }

    /** A score as the server prints it, rounded down where it is beyond what a double tells exactly. */
    static long deadline(Object score) {
        String text = text(score);
        return text.isEmpty() ? Stored.NEVER : (long) Math.floor(Math.nextDown(Double.parseDouble(text)));
    }

    private static String text(Object bytes) {
        return new String((byte[]) bytes, StandardCharsets.US_ASCII);
    }
}
