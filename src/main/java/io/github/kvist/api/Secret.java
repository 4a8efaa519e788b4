// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.api;

import java.util.Objects;

/** A text that shows itself to nobody who does not ask for it: {@link #toString} hides it. Immutable. */
public final class Secret {

    private final String text;

    public Secret(String text) {
        this.text = Objects.requireNonNull(text, "text");
    }

    /** For drivers alone. */
    public String reveal() {
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && secret.text.equals(text);
    }

    @Override
    public int hashCode() {
        return 0; // a hash of it would tell something about it
    }

    @Override
    public String toString() {
        return "***";
    }
}
