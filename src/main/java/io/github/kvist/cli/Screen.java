// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import java.io.PrintWriter;

/**
 * What the command prints on: lines of at most {@value #COLUMNS} columns, as far as their words can be broken. Only ASCII is
 * printed, because the encoding of the other end is unknown. Confined to one thread.
 */
final class Screen {
    static final int COLUMNS = 100;

    private final PrintWriter out;
    private final boolean isTerminal;

    /** @param isTerminal whether a line can be written over by a carriage return */
    Screen(PrintWriter out, boolean isTerminal) {
        this.out = out;
        this.isTerminal = isTerminal;
    }

    void heading(String title) {
        line("");
        line(title);
        line("-".repeat(title.length()));
    }

    void line(String text) {
        out.println(text);
        out.flush();
    }

    /** A paragraph, broken between words; every line begins with {@code indent}. */
    void paragraph(String indent, String text) {
        StringBuilder line = new StringBuilder(indent);
        for (String word : text.strip().split("\\s+", -1)) {
            boolean isFirst = line.length() == indent.length();
            if (!isFirst && line.length() + 1 + word.length() > COLUMNS) {
                line(line.toString());
                line.setLength(indent.length());
                isFirst = true;
            }
            line.append(isFirst ? "" : " ").append(word);
        }
        line(line.toString());
    }

    Progress progress(String what, long total) {
        return new Progress(out, isTerminal, what, total);
    }
}
