// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.api.KvException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The keys in the way of a merge: the first of them, and how many there are. */
final class MergeConflicts {

    private static final int SHOWN_MAX = 10;
    private static final int SHOWN_LENGTH_MAX = 60;

    private final Definitions definitions;
    private final Set<Place> places = new LinkedHashSet<>();
    private final List<KvException.Conflict.Key> keys = new ArrayList<>();

    /** A key by its bytes in digits, so that none counts twice. */
    private record Place(String table, String key) {}

    MergeConflicts(Definitions definitions) {
        this.definitions = definitions;
    }

    void add(String table, byte[] key) {
        boolean isNew = places.add(new Place(table, HexFormat.of().formatHex(key)));
        if (isNew && keys.size() < KvException.Conflict.KEYS_MAX) {
            keys.add(new KvException.Conflict.Key(table, decoded(table, key)));
        }
    }

    private Object decoded(String table, byte[] key) {
        KnownTable known = definitions.known(table);
        return known == null
                ? key
                : new CheckedKeys<>(known.table().keys(), known.table().toString()).decode(key, 0, key.length);
    }

    void throwIfAny() {
        if (places.isEmpty()) {
            return;
        }
        StringBuilder shown = new StringBuilder();
        for (KvException.Conflict.Key key : keys.subList(0, Math.min(SHOWN_MAX, keys.size()))) {
            shown.append(shown.isEmpty() ? "" : ", ")
                    .append(key.table())
                    .append(' ')
                    .append(shown(key.key()));
        }
        String more = places.size() > SHOWN_MAX ? " and " + (places.size() - SHOWN_MAX) + " more" : "";
        throw new KvException.Conflict(
                "The fork and this store both changed " + shown + more
                        + " since the fork began or was last merged, or would together break a unique index there; nothing was"
                        + " merged. Take a new fork and make the changes there.",
                keys,
                places.size());
    }

    /** For a message: no control characters, and not too long. */
    private static String shown(Object key) {
        String text = key instanceof byte[] bytes ? "0x" + HexFormat.of().formatHex(bytes) : String.valueOf(key);
        StringBuilder shown = new StringBuilder();
        text.chars().limit(SHOWN_LENGTH_MAX).forEach(one -> {
            if (Character.isISOControl(one)) {
                shown.append("\\u").append(HexFormat.of().toHexDigits((char) one));
            } else {
                shown.append((char) one);
            }
        });
        return '"' + shown.toString() + (text.length() > SHOWN_LENGTH_MAX ? "…" : "") + '"';
    }
}
