// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.api.Expiry;
import io.github.kvist.api.KvException;
import io.github.kvist.api.ProgressListener;
import io.github.kvist.backend.Stored;
import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts what {@link JsonExport} wrote into a store, some lines at a time: each batch is a transaction.
 *
 * <p>A table that the program has named is written to as ever. Any other is written to by its bytes, through a definition without
 * indexes: should it have some, they are dropped and built again when the program names it.
 */
final class JsonImport {

    private static final int BATCH_LINES = 1_000;
    private static final long BATCH_BYTES = 4 << 20;

    private final TableStore store;
    private final ProgressListener listener;
    private final Map<String, TableSpace<?, ?>> unnamed = new HashMap<>();
    private final List<JsonLine> batch = new ArrayList<>();
    private long batchBytes;
    private long imported;

    JsonImport(TableStore store, ProgressListener listener) {
        this.store = store;
        this.listener = listener;
    }

    /** Reads the stream to its end; it stays open. */
    void read(InputStream in) {
        LineReader lines = new LineReader(in);
        try {
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                add(lines, line);
            }
            commit(lines);
        } catch (MalformedLineException malformed) {
            throw new KvException.CodecFailure(refused(malformed.getMessage()), malformed);
        } catch (IOException failed) {
            throw new KvException.Unavailable(
                    "The import cannot be read on from line " + (lines.number() + 1) + " (" + failed + "). " + rest(),
                    failed);
        }
        listener.progressed(lines.bytes(), -1);
    }

    private void add(LineReader lines, byte[] line) {
        if (isBlank(line)) {
            return;
        }
        JsonLine parsed = JsonLine.parse(lines.number(), line);
        if (parsed.isDefinition()) {
            define(parsed);
            return;
        }
        batch.add(parsed);
        batchBytes += line.length;
        if (batch.size() >= BATCH_LINES || batchBytes >= BATCH_BYTES) {
            commit(lines);
            listener.progressed(lines.bytes(), -1);
        }
    }

    private static boolean isBlank(byte[] line) {
        for (byte one : line) {
            if (one != ' ' && one != '\t') {
                return false;
            }
        }
        return true;
    }

    private void define(JsonLine line) {
        String name = line.text(JsonLine.TABLE);
        Definition given = new Definition(line.text(JsonLine.KEYS), line.text(JsonLine.VALUES), List.of());
        Definition present = store.definitions().inForce(name);
        if (present != null && !present.hasCodecsOf(given)) {
            throw new MalformedLineException(
                    line.number,
                    1,
                    "table " + name + " is given with " + given.differenceFrom(present)
                            + " as the store has it; import it under another name");
        }
        try {
            unnamed.putIfAbsent(name, store.unnamed(name, given));
        } catch (IllegalArgumentException refused) {
            throw new MalformedLineException(line.number, 1, String.valueOf(refused.getMessage()));
        }
    }

    private void commit(LineReader lines) {
        if (!batch.isEmpty()) {
            store.update(transaction -> {
                for (JsonLine line : batch) {
                    put((BranchTransaction) transaction, line);
                }
            });
        }
        imported = lines.number();
        batch.clear();
        batchBytes = 0;
    }

    private void put(BranchTransaction transaction, JsonLine line) {
        TransactionTable<?, ?> table = transaction.table(space(line));
        byte[] key =
                line.bytes(JsonLine.KEY, JsonForm.of(table.space.table().keys().id()));
        byte[] value = line.bytes(
                JsonLine.VALUE, JsonForm.of(table.space.table().values().id()));
        try {
            table.putEncoded(key, value, deadline(line));
        } catch (KvException.CodecFailure failed) {
            throw new MalformedLineException(line.number, line.columnOf(JsonLine.VALUE), failed);
        } catch (KvException.UniqueViolation violated) {
            throw new KvException.UniqueViolation(refused("line " + line.number + ": " + violated.getMessage()));
        } catch (KvException.LimitExceeded exceeded) {
            throw new KvException.LimitExceeded(refused("line " + line.number + ": " + exceeded.getMessage()));
        }
    }

    private TableSpace<?, ?> space(JsonLine line) {
        String name = line.text(JsonLine.TABLE);
        KnownTable known = store.definitions().known(name);
        if (known != null) {
            return store.space(known.table());
        }
        TableSpace<?, ?> declared = unnamed.get(name);
        if (declared == null) {
            Definition stored = store.definitions().inForce(name);
            if (stored == null) {
                throw new MalformedLineException(
                        line.number,
                        line.columnOf(JsonLine.TABLE),
                        "nothing says what the table " + name
                                + " holds: use it with this store first, or put a line with its " + JsonLine.KEYS
                                + " and " + JsonLine.VALUES + " before");
            }
            declared = store.unnamed(name, new Definition(stored.keys(), stored.values(), List.of()));
            unnamed.put(name, declared);
        }
        return declared;
    }

    private static long deadline(JsonLine line) {
        if (line.field(JsonLine.EXPIRES_AT) == null) {
            return Stored.NEVER;
        }
        try {
            Instant given = Instant.parse(line.text(JsonLine.EXPIRES_AT));
            return Expiry.at(given).deadline(0);
        } catch (DateTimeException malformed) {
            throw new MalformedLineException(
                    line.number, line.columnOf(JsonLine.EXPIRES_AT), "this is no instant such as 2030-01-31T12:00:00Z");
        }
    }

    private String refused(@Nullable String what) {
        return "The import stops at " + what + ". " + rest();
    }

    private String rest() {
        return (imported == 0 ? "Nothing was imported" : "Lines 1 to " + imported + " were imported, and no later one")
                + "; correct it and import the rest.";
    }
}
