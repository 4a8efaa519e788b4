// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import java.io.IOException;

/** Bytes that should be a class file are not; the message says at which byte and why. */
final class MalformedClassFileException extends IOException {
    private static final long serialVersionUID = 1L;

    MalformedClassFileException(int offset, String what) {
        super("Not a class file, byte " + offset + ": " + what + ". The file is damaged, cut short or something else.");
    }
}
