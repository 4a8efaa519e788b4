// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.migrate;

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
 * The keyspaces that are copied, in their order; {@link Journal#keyspace} is a place in it. What becomes a keyspace later comes whole,
 * with the commits that fill it.
 *
 * <pre>
 * u8 format (1) | i32 names | for each: utf name
 * </pre>
 */
record Plan(List<String> keyspaces) {

    private static final int FORMAT = 1;

    Plan {
        keyspaces = List.copyOf(keyspaces);
    }

    byte[] toBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(FORMAT);
            out.writeInt(keyspaces.size());
            for (String name : keyspaces) {
                out.writeUTF(name);
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    /**
     * Reads what {@link #toBytes} wrote.
     *
     * @param where the target, for messages
     * @throws KvException.UnsupportedFormat if a newer version wrote it
     * @throws KvException.Corrupt if it is not whole
     */
    static Plan of(Stored stored, String where) {
        try (DataInputStream in =
                new DataInputStream(new ByteArrayInputStream(stored.array(), stored.offset(), stored.length()))) {
            int format = in.readUnsignedByte();
            if (format != FORMAT) {
                throw new KvException.UnsupportedFormat("The plan of a migration in " + where + " has format " + format
                        + "; this version knows " + FORMAT + ". Go on with the version that began it, or a newer one.");
            }
            int count = in.readInt();
            List<String> names = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                names.add(in.readUTF());
            }
            if (in.available() > 0) {
                throw new IOException(in.available() + " bytes too many");
            }
            return new Plan(names);
        } catch (IOException damaged) {
            throw new KvException.Corrupt(
                    "The plan of a migration in " + where + " (" + stored.length()
                            + " bytes) cannot be read. Empty the target and begin again.",
                    damaged);
        }
    }
}
