// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.faults;

import io.github.kvist.format.Frame;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Turns any bytes into changes of the files of a sound store, so that a fuzzer need not invent a store first; and, if the bytes
 * say so, makes all checksums right again afterwards, as an attacker would.
 *
 * <p>The first byte chooses the store and whether to sign; then each change takes eight: file, kind, place (u16), number (i32).
 */
final class HostileFiles {
    private static final int SIGN = 8;
    private static final int CHANGE = 8;
    private static final int CHANGES_MAX = 64;
    private static final int HEADER = 64;
    private static final int BLOCK_HEAD = 32;
    private static final int TAIL = 32;
    private static final int[] NUMBERS = {
        0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, 0x00ff_ffff, 0x7fff_fff0, 0xc000_0001, 64, 255, 256, 65_535
    };

    private HostileFiles() {}

    static StoredFiles of(List<SmallStore> stores, byte[] data) {
        ByteBuffer in = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
        int first = in.hasRemaining() ? in.get() & 0xff : 0;
        StoredFiles sound = stores.get(first % stores.size()).files();
        StoredFiles files = sound;
        for (int i = 0; i < CHANGES_MAX && in.remaining() >= CHANGE; i++) {
            files = changed(files, in);
        }
        return (first & SIGN) == 0 ? files : signed(files, sound);
    }

    private static StoredFiles changed(StoredFiles files, ByteBuffer in) {
        List<String> names = files.names();
        int file = in.get() & 0xff;
        int kind = in.get() & 0xff;
        int place = in.getShort() & 0xffff;
        int number = in.getInt();
        if (names.isEmpty()) {
            return files;
        }
        String name = names.get(file % names.size());
        byte[] content = files.contentOf(name).clone();
        if (content.length == 0) {
            return files;
        }
        int at = place % content.length;
        int end = Math.min(content.length, at + 64);
        switch (kind % 10) {
            case 0 -> content[at] ^= (byte) (1 << (number & 7));
            case 1 -> content[at] = (byte) number;
            case 2 -> putInt(content, at, number);
            case 3 -> putInt(content, at, NUMBERS[Math.floorMod(number, NUMBERS.length)]);
            case 4 -> content = Arrays.copyOf(content, at);
            case 5 -> Arrays.fill(content, at, end, (byte) 0);
            case 6 -> {
                int from = Math.floorMod(number, content.length);
                System.arraycopy(content, from, content, at, Math.min(end - at, content.length - from));
            }
            case 7 -> {
                return files.without(name);
            }
            case 8 -> {
                return files.with(name, files.contentOf(names.get(Math.floorMod(number, names.size()))));
            }
            default -> content = Arrays.copyOf(content, content.length + (number & 0x3ff));
        }
        return files.with(name, content);
    }

    private static void putInt(byte[] content, int at, int number) {
        ByteBuffer buffer = littleEndian(content);
        if (at / 4 * 4 + 4 <= content.length) {
            buffer.putInt(at / 4 * 4, number);
        }
    }

    /** Signs what still has the length of the sound file, whose layout it is then taken to have. */
    private static StoredFiles signed(StoredFiles files, StoredFiles sound) {
        StoredFiles result = files;
        int crc = 0;
        for (String name : sound.names()) {
            if (!files.has(name) || files.contentOf(name).length != sound.contentOf(name).length) {
                continue;
            }
            byte[] content = files.contentOf(name).clone();
            if (name.startsWith("log-")) {
                crc = signSegment(content, sound.contentOf(name), crc);
            } else if (name.startsWith("checkpoint-")) {
                sign(content, 0, HEADER - 4, HEADER - 4);
                byte[] image = Arrays.copyOfRange(content, HEADER, content.length);
                signImage(image, Arrays.copyOfRange(sound.contentOf(name), HEADER, content.length));
                System.arraycopy(image, 0, content, HEADER, image.length);
            }
            result = result.with(name, content);
        }
        if (result.has("MANIFEST") && result.contentOf("MANIFEST").length == 128) {
            byte[] manifest = result.contentOf("MANIFEST").clone();
            if (crc != 0) {
                littleEndian(manifest).putInt(52, crc);
            }
            sign(manifest, 0, 124, 124);
            result = result.with("MANIFEST", manifest);
        }
        return result;
    }

    private static int signSegment(byte[] content, byte[] sound, int predecessor) {
        sign(content, 0, HEADER - 4, HEADER - 4);
        int crc = predecessor;
        int at = HEADER;
        while (at + Frame.HEAD <= sound.length && Frame.read(sound, at).position() == at) {
            int size = (int) Frame.read(sound, at).size();
            if (crc != 0) {
                littleEndian(content).putInt(at + 48, crc);
            }
            crc = Frame.computedCrc(content, at, size);
            littleEndian(content).putInt(at, crc);
            at += size;
        }
        return crc;
    }

    /** Signs all blocks, copies their headers into the footer, and signs that. */
    static void signImage(byte[] image, byte[] sound) {
        ByteBuffer layout = littleEndian(sound);
        int tail = sound.length - TAIL;
        int footer = (int) layout.getLong(tail);
        sign(image, 0, HEADER - 4, HEADER - 4);
        int at = HEADER;
        for (int copy = footer + 32 + 16 * layout.getInt(footer + 24); copy < tail; copy += BLOCK_HEAD) {
            int end = at + BLOCK_HEAD + layout.getInt(at + 4);
            sign(image, at + 4, end, at);
            System.arraycopy(image, at, image, copy, BLOCK_HEAD);
            at = end;
        }
        sign(image, footer, tail, tail + 16);
        sign(image, tail, tail + 20, tail + 20);
    }

    static void sign(byte[] bytes, int from, int to, int crcAt) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, to - from);
        littleEndian(bytes).putInt(crcAt, (int) crc.getValue());
    }

    private static ByteBuffer littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
