// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;

/** Runs the command inside this process, and keeps what it printed. */
final class Shell {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private byte[] input = {};
    private boolean isInteractive;

    Shell input(String text) {
        input = text.getBytes(StandardCharsets.UTF_8);
        return this;
    }

    /** From now on somebody is watching. */
    Shell interactive() {
        isInteractive = true;
        return this;
    }

    /** Returns the exit code; what an earlier run printed is forgotten. */
    int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        bytes.reset();
        Terminal terminal = new Terminal(
                new ByteArrayInputStream(input), new PrintWriter(out), new PrintWriter(err), bytes, isInteractive);
        return Main.run(terminal, arguments);
    }

    /** What was asked for, text or bytes. */
    String out() {
        return out + bytes.toString(StandardCharsets.UTF_8);
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }

    String err() {
        return err.toString();
    }
}
