// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import java.io.PrintWriter;

/** How far a long step is: one line rewritten at every percent on a terminal, a plain line at every fifth elsewhere. */
final class Progress {
    private static final int PERCENT_PER_LINE = 20;

    private final PrintWriter out;
    private final boolean isTerminal;
    private final String what;
    private final long total;

    private long shown = -1;

    Progress(PrintWriter out, boolean isTerminal, String what, long total) {
        this.out = out;
        this.isTerminal = isTerminal;
        this.what = what;
        this.total = total;
    }

    /** Shows that {@code done} of the total are done, unless that would look the same as before. */
    void at(long done) {
        long percent = done * 100 / Math.max(1, total);
        long step = isTerminal ? percent : percent / PERCENT_PER_LINE;
        if (step == shown || (step == 0 && !isTerminal)) {
            return;
        }
        shown = step;
        String line = "  %3d %%  %s of %s %s".formatted(percent, Figures.number(done), Figures.number(total), what);
        if (isTerminal) {
            out.print("\r" + line + (done == total ? System.lineSeparator() : ""));
        } else {
            out.println(line);
        }
        out.flush();
    }
}
