// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

/** A line of an export that cannot be imported: where and why. Quotes nothing of it. */
final class MalformedLineException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    MalformedLineException(long line, int column, String what) {
        super("line " + line + ", column " + column + ": " + what);
    }
}
