// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.optimistic;

import io.github.kvist.backend.EntryCursor;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Stored;
import io.github.kvist.backend.View;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The view below a transaction. Knows whether it was looked at, which settles what it shows, and asks for single entries once: a
 * transaction that changes an entry looks at it more than once.
 */
final class SettledView implements AutoCloseable {

    private static final int KEPT_MAX = 4096;

    private final View view;
    private final Map<String, Map<byte[], Optional<Stored>>> known = new HashMap<>();
    private int kept;
    private boolean isSettled;

    SettledView(View view) {
        this.view = view;
    }

    boolean isSettled() {
        return isSettled;
    }

    private View settled() {
        isSettled = true;
        return view;
    }

    long revision() {
        return settled().revision();
    }

    long instant() {
        return settled().instant();
    }

    EntryCursor scan(Keyspace keyspace, byte[] from, byte @Nullable [] to, boolean reverse) {
        return settled().scan(keyspace, from, to, reverse);
    }

    long count(Keyspace keyspace, byte[] from, byte @Nullable [] to) {
        return settled().count(keyspace, from, to);
    }

    @Nullable
    Stored get(Keyspace keyspace, byte[] key) {
        Map<byte[], Optional<Stored>> entries =
                known.computeIfAbsent(keyspace.name(), unseen -> new TreeMap<>(Arrays::compareUnsigned));
        Optional<Stored> present = entries.get(key);
        if (present == null) {
            present = Optional.ofNullable(settled().get(keyspace, key));
            if (kept < KEPT_MAX) {
                entries.put(key.clone(), present);
                kept++;
            }
        }
        return present.orElse(null);
    }

    @Override
    public void close() {
        view.close();
    }
}
