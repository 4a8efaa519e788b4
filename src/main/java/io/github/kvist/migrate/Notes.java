// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.migrate;

import static java.nio.charset.StandardCharsets.UTF_8;

/** The keys under which migrations write down in a store what they are at, in a keyspace that is never copied. */
final class Notes {

    /** In a target: the {@link Journal}. */
    static final byte[] JOURNAL = "journal".getBytes(UTF_8);

    /** In a target: the {@link Plan}. */
    static final byte[] PLAN = "plan".getBytes(UTF_8);

    private Notes() {}

    /** In a source, one for each target: written to see the feed of changes go by it. */
    static byte[] mark(String id) {
        return ("mark/" + id).getBytes(UTF_8);
    }
}
