// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;

/**
 * Where the command reads and prints.
 *
 * @param out for what was asked for
 * @param err for everything else: failures, progress, hints
 * @param bytes the same place as {@code out}, for what is no text
 * @param isInteractive whether a person is watching, so that a line may be written over and control characters may not be printed
 */
record Terminal(InputStream in, PrintWriter out, PrintWriter err, OutputStream bytes, boolean isInteractive) {

    /** A line of what was asked for. */
    void line(String text) {
        out.println(text);
    }

    /** A line that is not part of what was asked for. */
    void note(String text) {
        err.println(text);
        err.flush();
    }
}
