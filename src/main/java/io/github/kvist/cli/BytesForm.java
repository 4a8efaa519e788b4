// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import io.github.kvist.codec.Keys;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Bytes as they are, behind a mark that says how they are spelled: those of the codec for bytes, and of every codec unknown here. */
final class BytesForm extends TypedForm<byte[]> {

    private static final String HEX = "hex:";
    private static final String BASE64 = "base64:";

    private final boolean isOfBytes;

    BytesForm(String codec) {
        super(Keys.bytes());
        this.isOfBytes = codec.equals("bytes");
    }

    static String hex(byte[] bytes) {
        return HEX + HexFormat.of().formatHex(bytes);
    }

    @Override
    String textOf(byte[] value) {
        return hex(value);
    }

    @Override
    String jsonOf(byte[] value) {
        return ScalarForm.quoted(hex(value));
    }

    @Override
    public @Nullable String json(byte[] bytes) {
        return null;
    }

    @Override
    byte[] valueOf(String text) {
        if (text.startsWith(HEX)) {
            return HexFormat.of().parseHex(text.substring(HEX.length()));
        }
        if (text.startsWith(BASE64)) {
            return Base64.getDecoder().decode(text.substring(BASE64.length()));
        }
        throw new IllegalArgumentException("no mark");
    }

    @Override
    public String expected() {
        return "bytes such as hex:00ff or base64:AP8=";
    }

    @Override
    public boolean isWritable() {
        return isOfBytes;
    }
}
