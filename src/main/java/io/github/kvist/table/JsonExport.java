// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import io.github.kvist.api.KvException;
import io.github.kvist.api.ProgressListener;
import io.github.kvist.api.Version;
import io.github.kvist.backend.Backend;
import io.github.kvist.backend.EntryCursor;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Stored;
import io.github.kvist.backend.View;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Writes all records that a view shows as lines of JSON, table by table. The stored definitions say what the bytes are. */
final class JsonExport {

    private final Backend backend;
    private final Definitions definitions;
    private final View view;
    private final ProgressListener listener;
    private long done;
    private long total;

    JsonExport(Backend backend, Definitions definitions, View view, ProgressListener listener) {
        this.backend = backend;
        this.definitions = definitions;
        this.view = view;
        this.listener = listener;
    }

    /** Writes everything; the stream is flushed and stays open. */
    void write(OutputStream out) {
        List<String> tables = definitions.stored(view);
        for (String table : tables) {
            total += view.count(records(table), Bounds.ALL.from(), Bounds.ALL.to());
        }
        try {
            JsonGenerator json = JsonForm.JSON.createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            json.setRootValueSeparator(new SerializedString("\n"));
            for (String table : tables) {
                writeTable(json, table);
            }
            if (!tables.isEmpty()) {
                json.writeRaw('\n');
            }
            json.flush();
        } catch (IOException failed) {
            throw new KvException.Unavailable(
                    "The export cannot be written to its stream (" + failed
                            + "), so what is there is not whole. The store itself is unharmed; try again.",
                    failed);
        }
        listener.progressed(done, total);
    }

    private Keyspace records(String table) {
        return backend.keyspace(KeyspaceNames.records(table));
    }

    private void writeTable(JsonGenerator json, String table) throws IOException {
        Definition definition = Objects.requireNonNull(definitions.stored(view, table));
        json.writeStartObject();
        json.writeStringField(JsonLine.TABLE, table);
        json.writeStringField(JsonLine.KEYS, definition.keys());
        json.writeStringField(JsonLine.VALUES, definition.values());
        json.writeEndObject();
        JsonForm keys = JsonForm.of(definition.keys());
        JsonForm values = JsonForm.of(definition.values());
        try (EntryCursor entries = view.scan(records(table), Bounds.ALL.from(), Bounds.ALL.to(), false)) {
            while (entries.advance()) {
                writeEntry(json, table, keys, values, entries);
            }
        }
    }

    private void writeEntry(JsonGenerator json, String table, JsonForm keys, JsonForm values, EntryCursor entry)
            throws IOException {
        json.writeStartObject();
        json.writeStringField(JsonLine.TABLE, table);
        keys.write(json, JsonLine.KEY, entry.key());
        byte[] value = Arrays.copyOfRange(entry.array(), entry.offset(), entry.offset() + entry.length());
        values.write(json, JsonLine.VALUE, value);
        json.writeStringField(JsonLine.VERSION, Version.of(entry.version()).toString());
        if (entry.deadline() != Stored.NEVER) {
            json.writeStringField(
                    JsonLine.EXPIRES_AT, Instant.ofEpochMilli(entry.deadline()).toString());
        }
        json.writeEndObject();
        if (++done % 4096 == 0) {
            listener.progressed(done, total);
        }
    }
}
