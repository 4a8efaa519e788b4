// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.postgres;

/**
 * What a caller asks by what became of a commit.
 *
 * @param id what the server remembers it by
 * @param since the newest revision that was known when it was sent: whether it can still be told depends on what is kept
 */
record TransactionId(long id, long since) {

    private static final int RADIX = Character.MAX_RADIX;

    /**
     * Takes back what {@link #toString} gave.
     *
     * @throws IllegalArgumentException if {@code text} is anything else
     */
    static TransactionId parse(String text) {
        int dot = text.indexOf('.');
        try {
            return new TransactionId(
                    Long.parseLong(text, 0, Math.max(0, dot), RADIX),
                    Long.parseLong(text, dot + 1, text.length(), RADIX));
        } catch (NumberFormatException notAnId) {
            throw new IllegalArgumentException(
                    "Not the id of a transaction of a store in PostgreSQL. Use what OutcomeUnknown.transactionId() gave.",
                    notAnId);
        }
    }

    @Override
    public String toString() {
        return Long.toString(id, RADIX) + '.' + Long.toString(since, RADIX);
    }
}
