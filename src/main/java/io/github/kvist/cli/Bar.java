// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import java.io.PrintWriter;

/**
 * How far a long step is. On a terminal one line that is written over, elsewhere a line at every tenth. To be closed when the step
 * has ended, however it did.
 */
final class Bar implements AutoCloseable {
    private static final int CELLS = 30;
    private static final int CELLS_PER_LINE = 3;
    private static final long NANOS_PER_LINE = 200_000_000;

    private final PrintWriter err;
    private final boolean isOverwritten;
    private final boolean isShown;
    private final String what;

    private long shownCells = -1;
    private long shownNanos;
    private boolean isLineOpen;

    Bar(Terminal terminal, boolean isShown, String what) {
        this.err = terminal.err();
        this.isOverwritten = terminal.isInteractive();
        this.isShown = isShown;
        this.what = what;
    }

    /** Shows that {@code done} of {@code total} are done, unless that would look as before; -1: the total is unknown. */
    void at(long done, long total) {
        if (!isShown || !isWorthALine(done, total)) {
            return;
        }
        String line = total < 0 ? "  " + Figures.number(done) + " " + what : line(done, total);
        if (isOverwritten) {
            err.print("\r" + line);
            isLineOpen = true;
        } else {
            err.println(line);
        }
        err.flush();
    }

    private boolean isWorthALine(long done, long total) {
        if (total < 0) {
            long now = System.nanoTime();
            boolean isDue = shownNanos == 0 || now - shownNanos >= NANOS_PER_LINE;
            shownNanos = isDue ? now : shownNanos;
            return isDue;
        }
        long cells = cells(done, total);
        long step = isOverwritten ? cells : cells / CELLS_PER_LINE;
        boolean isNew = step != shownCells;
        shownCells = step;
        return isNew;
    }

    private String line(long done, long total) {
        int cells = (int) cells(done, total);
        return "  [%s%s] %3d %%  %s of %s %s"
                .formatted(
                        "#".repeat(cells),
                        ".".repeat(CELLS - cells),
                        total == 0 ? 100 : done * 100 / total,
                        Figures.number(done),
                        Figures.number(total),
                        what);
    }

    private static long cells(long done, long total) {
        return total == 0 ? CELLS : Math.min(CELLS, done * CELLS / total);
    }

    @Override
    public void close() {
        if (isLineOpen) {
            err.println();
        }
    }
}
