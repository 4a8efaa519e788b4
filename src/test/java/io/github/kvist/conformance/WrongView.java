// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.conformance;

import io.github.kvist.backend.EntryCursor;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Stored;
import io.github.kvist.backend.View;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Shows all that a right view shows, but for what a subclass does wrong. */
class WrongView implements View {

    final View right;

    WrongView(View right) {
        this.right = right;
    }

    /** An entry as a right view shows it. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Found(byte[] key, Stored stored) {}

    /** All entries of a range. */
    final List<Found> found(Keyspace keyspace, byte[] from, byte @Nullable [] to, boolean reverse) {
        List<Found> found = new ArrayList<>();
        try (EntryCursor cursor = right.scan(keyspace, from, to, reverse)) {
            while (cursor.advance()) {
                found.add(new Found(
                        cursor.key(),
                        new Stored(
                                cursor.array(),
                                cursor.offset(),
                                cursor.length(),
                                cursor.version(),
                                cursor.deadline())));
            }
        }
        return found;
    }

    @Override
    public long revision() {
        return right.revision();
    }

    @Override
    public long instant() {
        return right.instant();
    }

    @Override
    public @Nullable Stored get(Keyspace keyspace, byte[] key) {
        return right.get(keyspace, key);
    }

    @Override
    public EntryCursor scan(Keyspace keyspace, byte[] from, byte @Nullable [] to, boolean reverse) {
        return right.scan(keyspace, from, to, reverse);
    }

    @Override
    public long count(Keyspace keyspace, byte[] from, byte @Nullable [] to) {
        return right.count(keyspace, from, to);
    }

    @Override
    public void close() {
        right.close();
    }

    /** Walks through a list. */
    static final class Walk implements EntryCursor {
        private final List<Found> list;
        private final boolean reverse;
        private int at = -1;

        Walk(List<Found> list, boolean reverse) {
            this.list = list;
            this.reverse = reverse;
        }

        @Override
        public boolean advance() {
            at++;
            return at < list.size();
        }

        @Override
        public void seek(byte[] key) {
            while (at + 1 < list.size()
                    && (Arrays.compareUnsigned(list.get(at + 1).key(), key) < 0) != reverse) {
                at++;
            }
        }

        @Override
        public byte[] key() {
            return list.get(at).key().clone();
        }

        @Override
        public byte[] array() {
            return list.get(at).stored().array();
        }

        @Override
        public int offset() {
            return list.get(at).stored().offset();
        }

        @Override
        public int length() {
            return list.get(at).stored().length();
        }

        @Override
        public long version() {
            return list.get(at).stored().version();
        }

        @Override
        public long deadline() {
            return list.get(at).stored().deadline();
        }

        @Override
        public void close() {
            // Nothing to let go of.
        }
    }
}
