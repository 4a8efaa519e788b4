// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import io.github.kvist.api.KvException;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.tree.RadixTree;
import io.github.kvist.tree.TreeCursor;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The numbers of keyspaces. A number is given out when its name is first asked for, and never again to another name; it is
 * written to the catalogue, keyspace 0, by the first commit that puts something into it. Safe for any number of threads.
 */
final class Keyspaces {

    static final int CATALOGUE = 0;

    /** Far more than anybody's tables and indexes; bounds what a damaged number can make us allocate. */
    static final int NUMBER_MAX = 1 << 20;

    /** Begins what a keyspace is called whose name was lost. */
    static final String LOST_NAME = "lost/";

    private static final byte[] START = {};

    // JDK maps: a jar of collections, loaded and verified, would be a good part of the time it takes to open a store.
    private final Map<String, EngineKeyspace> byName = new ConcurrentHashMap<>();
    // Guarded by this.
    private final Map<Integer, EngineKeyspace> byNumber = new HashMap<>();
    private int next = CATALOGUE + 1;

    /** Takes over the numbers that a catalogue holds; called once, before anybody asks for a name. */
    synchronized void load(RadixTree catalogue) {
        TreeCursor names = catalogue.forward(START, null);
        while (names.advance()) {
            add(name(names), number(names));
        }
    }

    /** The names that were given out. */
    synchronized List<String> names() {
        return byNumber.values().stream().map(EngineKeyspace::name).toList();
    }

    EngineKeyspace named(String name) {
        EngineKeyspace known = byName.get(name);
        return known == null ? numbered(name) : known;
    }

    private synchronized EngineKeyspace numbered(String name) {
        EngineKeyspace known = byName.get(name);
        if (known != null) {
            return known;
        }
        if (next > NUMBER_MAX) {
            throw new KvException.LimitExceeded("A store has at most " + NUMBER_MAX
                    + " tables and indexes, dropped ones included. Use fewer, larger tables.");
        }
        return add(name, next);
    }

    private EngineKeyspace add(String name, int number) {
        EngineKeyspace keyspace = new EngineKeyspace(name, number, this);
        // In this order: should the memory run out, a number is lost and never given to a second name.
        byNumber.put(number, keyspace);
        next = Math.max(next, number + 1);
        byName.put(name, keyspace);
        return keyspace;
    }

    /** The keyspace of a number that was given out. */
    synchronized EngineKeyspace numbered(int number) {
        return Objects.requireNonNull(byNumber.get(number), "a number that was never given out");
    }

    /** The number of a handle, which must be one of ours. */
    int numberOf(Keyspace keyspace) {
        return ours(keyspace).number();
    }

    /** A handle as what it is, if it is one of ours. */
    EngineKeyspace ours(Keyspace keyspace) {
        EngineKeyspace ours = (EngineKeyspace) keyspace;
        if (ours.owner() != this) {
            throw new IllegalArgumentException(keyspace + " is a handle of another store. Ask this store for its own.");
        }
        return ours;
    }

    static byte[] catalogueKey(EngineKeyspace keyspace) {
        return keyspace.name().getBytes(StandardCharsets.UTF_8);
    }

    static byte[] catalogueValue(EngineKeyspace keyspace) {
        return catalogueValue(keyspace.number());
    }

    static byte[] catalogueValue(int number) {
        return new byte[] {(byte) number, (byte) (number >> 8), (byte) (number >> 16), (byte) (number >> 24)};
    }

    /** The name that an entry of a catalogue is of. */
    static String name(TreeCursor entry) {
        return new String(entry.key(), StandardCharsets.UTF_8);
    }

    /** The number that an entry of a catalogue gives to its name. */
    static int number(TreeCursor entry) {
        byte[] array = entry.array();
        int number = 0;
        for (int i = 0; i < entry.length() && i < Integer.BYTES; i++) {
            number |= (array[entry.offset() + i] & 0xFF) << (8 * i);
        }
        if (entry.length() != Integer.BYTES || number <= CATALOGUE || number > NUMBER_MAX) {
            throw new KvException.Corrupt(
                    "The catalogue of keyspaces has an entry of " + entry.length() + " bytes with the number " + number
                            + ", though the checksums are right. Written by something else than this version; restore a backup.");
        }
        return number;
    }
}
