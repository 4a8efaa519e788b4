// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.linearizability;

import io.github.kvist.Kvist;
import io.github.kvist.api.Index;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Table;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A unique index: one owner at most, and who it is can be looked up. */
@Tag("campaign")
@Param(name = "id", gen = IntGen.class, conf = "1:3")
@Param(name = "seat", gen = IntGen.class, conf = "1:2")
public final class LinearizableIndexTest {

    private static final Index<Long, Long> BY_SEAT = Index.unique("by_seat", Keys.int64(), seat -> seat);
    private static final Table<Integer, Long> GUESTS =
            Table.of("guests", Keys.int32(), Values.int64()).with(BY_SEAT);

    private final KvStore store = Kvist.inMemory();

    @Operation
    public boolean sit(@Param(name = "id") int guest, @Param(name = "seat") int seat) {
        try {
            store.in(GUESTS).put(guest, (long) seat);
            return true;
        } catch (KvException.UniqueViolation taken) {
            return false;
        }
    }

    @Operation
    public boolean leave(@Param(name = "id") int guest) {
        return store.in(GUESTS).delete(guest);
    }

    @Operation
    public List<Integer> who(@Param(name = "seat") int seat) {
        return store.in(GUESTS).by(BY_SEAT).eq((long) seat).keys();
    }

    @Operation
    public List<Integer> inOrderOfSeats() {
        return store.in(GUESTS).by(BY_SEAT).scan(KeyRange.all()).keys();
    }

    /** What it is to be like. */
    public static final class Model {
        private final Map<Integer, Integer> guests = new TreeMap<>();

        public boolean sit(int guest, int seat) {
            Integer owner = guests.get(seat);
            if (owner != null && owner != guest) {
                return false;
            }
            guests.values().remove(guest);
            guests.put(seat, guest);
            return true;
        }

        public boolean leave(int guest) {
            return guests.values().remove(guest);
        }

        public List<Integer> who(int seat) {
            Integer owner = guests.get(seat);
            return owner == null ? List.of() : List.of(owner);
        }

        public List<Integer> inOrderOfSeats() {
            return List.copyOf(guests.values());
        }
    }

    @Test
    void indexHasOneOwnerForEachKey() {
        Linearizable.check(LinearizableIndexTest.class, Model.class);
    }
}
