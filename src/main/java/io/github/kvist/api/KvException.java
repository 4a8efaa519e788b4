// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.api;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can go wrong at run time, by what the caller can do about it. The message says what happened, where, and
 * what to do; a driver's own exception is the cause. No message holds a value or a secret.
 */
public abstract sealed class KvException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private KvException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** Whether the same call may succeed when it is simply made again. */
    public boolean isRetryable() {
        return false;
    }

    /**
     * Something this transaction depends on changed since it began; nothing was written. Run it again. Of a merge: fork and
     * origin changed the same keys, which {@link #keys} lists; nothing was merged.
     */
    public static final class Conflict extends KvException {
        private static final long serialVersionUID = 1L;

        /** How many keys are listed at most. */
        public static final int KEYS_MAX = 100;

        private final transient List<Key> keys;
        private final long keyCount;

        /**
         * A key of a table that two sides changed.
         *
         * @param key as the table's codec decodes it; its bytes, if the program never named the table
         */
        public record Key(String table, Object key) {}

        public Conflict(String message) {
            this(message, List.of(), 0);
        }

        /** With the first of {@code keyCount} keys. */
        public Conflict(String message, List<Key> keys, long keyCount) {
            super(message, null);
            this.keys = List.copyOf(keys);
            this.keyCount = keyCount;
        }

        /** The first {@value #KEYS_MAX} keys in the way of a merge, by table and in order; empty for a transaction. */
        public List<Key> keys() {
            return keys == null ? List.of() : keys; // not serialized
        }

        /** How many keys are in the way of a merge, those that are not listed too; 0 for a transaction. */
        public long keyCount() {
            return keyCount;
        }

        @Override
        public boolean isRetryable() {
            return true;
        }
    }

    /** Another record already has this key of a unique index; the operation had no effect. */
    public static final class UniqueViolation extends KvException {
        private static final long serialVersionUID = 1L;

        public UniqueViolation(String message) {
            super(message, null);
        }
    }

    /** The commit may or may not have happened: ask {@link KvStore#outcome}, or look, before you repeat it. */
    public static final class OutcomeUnknown extends KvException {
        private static final long serialVersionUID = 1L;

        private final @Nullable String transactionId;

        public OutcomeUnknown(String message, @Nullable Throwable cause) {
            this(message, null, cause);
        }

        /** Of a transaction that can be asked for. */
        public OutcomeUnknown(String message, @Nullable String transactionId, @Nullable Throwable cause) {
            super(message, cause);
            this.transactionId = transactionId;
        }

        /** What {@link KvStore#outcome} takes; empty if the store cannot be asked. */
        public Optional<String> transactionId() {
            return Optional.ofNullable(transactionId);
        }
    }

    /** The store or the system behind it cannot serve this now; nothing was written. */
    public static final class Unavailable extends KvException {
        private static final long serialVersionUID = 1L;

        public Unavailable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }

        @Override
        public boolean isRetryable() {
            return true;
        }
    }

    /** Stored bytes are damaged or missing; nothing was changed. Restore a backup. */
    public static final class Corrupt extends KvException {
        private static final long serialVersionUID = 1L;

        public Corrupt(String message) {
            super(message, null);
        }

        public Corrupt(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** Somebody else has the store open. */
    public static final class Locked extends KvException {
        private static final long serialVersionUID = 1L;

        public Locked(String message) {
            super(message, null);
        }
    }

    /** The store, snapshot or cursor was closed. */
    public static final class Closed extends KvException {
        private static final long serialVersionUID = 1L;

        public Closed(String message) {
            super(message, null);
        }
    }

    /** A key, a value, a transaction or the whole store would become larger than it may; nothing was written. */
    public static final class LimitExceeded extends KvException {
        private static final long serialVersionUID = 1L;

        public LimitExceeded(String message) {
            super(message, null);
        }
    }

    /** The revision asked for is older than what is kept. */
    public static final class Trimmed extends KvException {
        private static final long serialVersionUID = 1L;

        public Trimmed(String message) {
            super(message, null);
        }
    }

    /** This store cannot do that, by its nature or because it was opened read-only. */
    public static final class Unsupported extends KvException {
        private static final long serialVersionUID = 1L;

        public Unsupported(String message) {
            super(message, null);
        }

        public Unsupported(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The data was written by a newer version, or by something else; nothing was changed. */
    public static final class UnsupportedFormat extends KvException {
        private static final long serialVersionUID = 1L;

        public UnsupportedFormat(String message) {
            super(message, null);
        }
    }

    /** A codec or an index extractor threw; the cause says what. */
    public static final class CodecFailure extends KvException {
        private static final long serialVersionUID = 1L;

        public CodecFailure(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
