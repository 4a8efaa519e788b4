// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.api.KvException;

/** A line of an export that cannot be imported: where and why. Quotes nothing of it. */
final class MalformedLineException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    MalformedLineException(long line, int column, String what) {
        super("line " + line + ", column " + column + ": " + what);
    }

    /** A line that a codec of the user refuses, by its own exception. */
    MalformedLineException(long line, int column, KvException.CodecFailure refusal) {
        this(line, column, String.valueOf(refusal.getMessage()));
        initCause(refusal);
    }
}
