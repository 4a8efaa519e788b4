// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.api.Index;
import io.github.kvist.api.KvException;
import io.github.kvist.backend.Stored;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A definition as it is stored, with the number of times it was stored.
 *
 * <pre>
 * [u8 0xFE] | u8 format (1) | i32 number | utf keys | utf values | u16 indexes | for each: utf name | utf codec | u8 kind | i32 revision
 * </pre>
 *
 * <p>The first byte is there if the table is not to be written to, see {@link Fence}. Numbers are big-endian, texts as {@link DataOutputStream#writeUTF} writes them, kinds 0 simple, 1 unique, 2 multi.
 */
record StoredDefinition(int number, Definition definition, boolean isFenced) {

    /** Stands before the format of a definition whose table is not to be written to, see {@link Fence}. */
    static final byte FENCED = (byte) 0xFE;

    private static final int FORMAT = 1;
    private static final List<Index.Kind> KINDS = List.of(Index.Kind.SIMPLE, Index.Kind.UNIQUE, Index.Kind.MULTI);

    /** One whose table may be written to. */
    StoredDefinition(int number, Definition definition) {
        this(number, definition, false);
    }

    byte[] toBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            if (isFenced) {
                out.writeByte(FENCED);
            }
            out.writeByte(FORMAT);
            out.writeInt(number);
            out.writeUTF(definition.keys());
            out.writeUTF(definition.values());
            out.writeShort(definition.indexes().size());
            for (IndexDefinition index : definition.indexes()) {
                out.writeUTF(index.name());
                out.writeUTF(index.codec());
                out.writeByte(KINDS.indexOf(index.kind()));
                out.writeInt(index.revision());
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    /**
     * Reads what {@link #toBytes} wrote.
     *
     * @throws KvException.UnsupportedFormat if a newer version wrote it
     * @throws KvException.Corrupt if it is not whole
     */
    static StoredDefinition of(String table, Stored stored) {
        return of(table, stored.array(), stored.offset(), stored.length());
    }

    /** As above, from the bytes. */
    static StoredDefinition of(String table, byte[] array, int offset, int length) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(array, offset, length))) {
            int first = in.readUnsignedByte();
            boolean isFenced = first == (FENCED & 0xFF);
            int format = isFenced ? in.readUnsignedByte() : first;
            if (format != FORMAT) {
                throw new KvException.UnsupportedFormat(
                        "The definition of table " + table + " has format " + format + "; this version knows " + FORMAT
                                + ". Open the store with the version that wrote it, or a newer one.");
            }
            StoredDefinition read = read(in, isFenced);
            if (in.available() > 0) {
                throw new IOException(in.available() + " bytes too many");
            }
            return read;
        } catch (IOException | IndexOutOfBoundsException | IllegalArgumentException damaged) {
            throw new KvException.Corrupt(
                    "The definition of table " + table + " (" + length + " bytes) cannot be read. Restore a backup.",
                    damaged);
        }
    }

    private static StoredDefinition read(DataInputStream in, boolean isFenced) throws IOException {
        int number = in.readInt();
        String keys = in.readUTF();
        String values = in.readUTF();
        int count = in.readUnsignedShort();
        List<IndexDefinition> indexes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            indexes.add(
                    new IndexDefinition(in.readUTF(), in.readUTF(), KINDS.get(in.readUnsignedByte()), in.readInt()));
        }
        return new StoredDefinition(number, new Definition(keys, values, indexes), isFenced);
    }
}
