// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import io.github.kvist.api.Cursor;
import io.github.kvist.api.Finding;
import io.github.kvist.api.KvStore;
import java.util.Optional;

/** Looks whether all keys and values of a table are what their codecs make. */
final class RecordCheck {
    private static final int TOLD_EVERY = 1_000;

    private final RawTable table;
    private long strangers;
    private String first = "";

    RecordCheck(RawTable table) {
        this.table = table;
    }

    /** Reads the table, and returns how many records are done with those of earlier tables. */
    long run(KvStore store, long doneBefore, long total, Bar bar) {
        long done = doneBefore;
        try (Cursor<byte[], byte[]> record = store.in(table.table()).scan().cursor()) {
            while (record.advance()) {
                if (!isReadable(table.keys(), record.key()) || !isReadable(table.values(), record.value())) {
                    strangers++;
                    first = strangers == 1 ? BytesForm.hex(record.key()) : first;
                }
                if (++done % TOLD_EVERY == 0) {
                    bar.at(done, total);
                }
            }
        }
        bar.at(done, total);
        return done;
    }

    /** Of a codec that is unknown here, all bytes are taken for readable. */
    private static boolean isReadable(Form form, byte[] bytes) {
        return form instanceof BytesForm || form.json(bytes) != null;
    }

    Optional<Finding> finding() {
        return strangers == 0
                ? Optional.empty()
                : Optional.of(new Finding(
                        "table " + table.name(),
                        Figures.counted(strangers, "record is", "records are") + " not what the codecs "
                                + table.stored().keys() + " and "
                                + table.stored().values()
                                + " make; the first has the key " + first));
    }
}
