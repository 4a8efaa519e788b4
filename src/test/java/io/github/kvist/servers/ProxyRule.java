// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.servers;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.function.Predicate;

/** A fault for some requests, so many times. */
final class ProxyRule {

    private final Predicate<byte[]> requests;
    private int left; // Guarded by this.
    private final Proxy.Fault fault;

    ProxyRule(Predicate<byte[]> requests, int times, Proxy.Fault fault) {
        this.requests = requests;
        this.left = times;
        this.fault = fault;
    }

    Proxy.Fault fault() {
        return fault;
    }

    synchronized boolean takes(byte[] request) {
        boolean taken = left > 0 && requests.test(request);
        left -= taken ? 1 : 0;
        return taken;
    }

    /** Whether {@code bytes} hold {@code mark}, plainly or in hexadecimal digits. */
    static boolean holds(byte[] bytes, byte[] mark) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        return text.contains(new String(mark, StandardCharsets.ISO_8859_1))
                || text.contains(HexFormat.of().formatHex(mark));
    }
}
