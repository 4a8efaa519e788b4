// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.api;

import java.util.Objects;

/**
 * Where the next page of a scan begins. Belongs to one scan and direction; can travel as text ({@link #toString},
 * {@link #parse}) through a web API. It is not secret and not signed: it shows the last key of its page. Immutable.
 */
public final class PageToken {

    private final String text;

    private PageToken(String text) {
        this.text = text;
    }

    /** Takes back what {@link #toString} gave; a text that is none is refused by the scan it is given to. */
    public static PageToken parse(String text) {
        return new PageToken(Objects.requireNonNull(text, "text"));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PageToken token && token.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
