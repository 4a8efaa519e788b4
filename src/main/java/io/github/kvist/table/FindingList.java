// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.api.Finding;
import java.util.HexFormat;
import java.util.List;

/** The findings of one place, as many as are worth reading. */
final class FindingList {

    static final String REMEDY = "Raise the revision of the index (Index.revised) to rebuild it.";

    private static final int FINDINGS_MAX = 100;
    private static final int KEY_BYTES_SHOWN = 16;

    private final String where;
    private final List<Finding> findings;
    private int found;

    FindingList(String where, List<Finding> findings) {
        this.where = where;
        this.findings = findings;
    }

    void add(String what) {
        add(where, what);
    }

    /** Of a place inside this one. */
    void add(String inside, String what) {
        found++;
        if (found <= FINDINGS_MAX) {
            findings.add(new Finding(inside, what));
        }
    }

    void end() {
        if (found > FINDINGS_MAX) {
            findings.add(new Finding(where, (found - FINDINGS_MAX) + " more findings are not listed."));
        }
    }

    static String shown(byte[] key) {
        int length = Math.min(key.length, KEY_BYTES_SHOWN);
        return "0x" + HexFormat.of().formatHex(key, 0, length) + (length < key.length ? "…" : "");
    }
}
