// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.redis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A script with its keys, then its arguments. Confined to one thread at a time. */
final class Request {

    private static final byte[][] NUMBERS = numbers();

    private final Script script;
    private final List<byte[]> words = new ArrayList<>();

    Request(Script script, byte[]... keys) {
        this.script = script;
        words.add(script.digest());
        words.add(number(keys.length));
        words.addAll(List.of(keys));
    }

    Script script() {
        return script;
    }

    /** Behind those that there are; before the first argument. */
    Request key(byte[] key) {
        words.add(key);
        words.set(1, number(words.size() - 2));
        return this;
    }

    Request with(byte[] argument) {
        words.add(argument);
        return this;
    }

    Request with(String argument) {
        return with(argument.getBytes(StandardCharsets.US_ASCII));
    }

    Request with(long argument) {
        return with(number(argument));
    }

    /** By the name of the script, which the server may not know. */
    byte[][] named() {
        return words.toArray(new byte[0][]);
    }

    /** With the whole script. */
    byte[][] whole() {
        byte[][] whole = named();
        whole[0] = script.text();
        return whole;
    }

    private static byte[] number(long number) {
        return number >= 0 && number < NUMBERS.length
                ? NUMBERS[(int) number]
                : Long.toString(number).getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[][] numbers() {
        byte[][] numbers = new byte[64][];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = Integer.toString(i).getBytes(StandardCharsets.US_ASCII);
        }
        return numbers;
    }
}
