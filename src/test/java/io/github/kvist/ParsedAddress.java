// SPDX-License-Identifier: Apache-2.0
package io.github.kvist;

/** Takes addresses of stores apart and opens nothing. */
public final class ParsedAddress {
    private ParsedAddress() {}

    /** As {@link Kvist#open(String)} does first. */
    public static void parse(String uri) {
        StoreAddress unused = StoreAddress.parse(uri);
    }
}
