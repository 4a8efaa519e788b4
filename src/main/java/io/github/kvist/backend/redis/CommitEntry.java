// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.redis;

import io.github.kvist.backend.ChangeFeed.Scope;
import io.github.kvist.backend.KeyChange;
import io.github.kvist.backend.Range;
import io.github.kvist.backend.Stored;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * A commit as the stream has it: the {@linkplain ChangedKeys keys} that changed, and beside them what was and what is there, each entry
 * behind its length in 4 bytes.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record CommitEntry(long revision, byte[] keys, byte[] values) {

    private static final Comparator<KeyChange> BY_KEY = Comparator.comparing(
                    (KeyChange change) -> change.keyspace().name())
            .thenComparing(KeyChange::key, Arrays::compareUnsigned);

    /** As the server answers it. */
    static CommitEntry of(List<?> entry) {
        String id = new String((byte[]) entry.get(0), StandardCharsets.US_ASCII);
        List<?> fields = (List<?>) entry.get(1);
        long revision = Long.parseLong(id.substring(0, id.indexOf('-')));
        return new CommitEntry(revision, (byte[]) fields.get(1), (byte[]) fields.get(3));
    }

    long millis() {
        return new ChangedKeys(keys).instant();
    }

    /** What it changed of a scope, by keyspace and key. */
    List<KeyChange> changes(Scope scope, Layout layout) {
        List<KeyChange> changes = new ArrayList<>();
        ChangedKeys changed = new ChangedKeys(keys);
        ByteBuffer rest = ByteBuffer.wrap(values);
        while (changed.advance()) {
            Stored before = changed.hasBefore() ? entry(rest) : null;
            Stored after = changed.hasAfter() ? entry(rest) : null;
            if (isIn(scope, changed)) {
                changes.add(new KeyChange(
                        layout.keyspace(changed.keyspace()), changed.key(), before, after, changed.isExpired()));
            }
        }
        changes.sort(BY_KEY);
        return changes;
    }

    private Stored entry(ByteBuffer rest) {
        int length = rest.getInt();
        Stored entry = StoredEntry.read(values, rest.position(), length);
        rest.position(rest.position() + length);
        return entry;
    }

    private static boolean isIn(Scope scope, ChangedKeys changed) {
        if (scope instanceof Range range) {
            return changed.keyspace().equals(range.keyspace().name()) && range.spans(changed.key());
        }
        return scope instanceof Scope.Keyspaces names && changed.keyspace().startsWith(names.prefix());
    }
}
