// SPDX-License-Identifier: Apache-2.0
package app;

import io.github.kvist.Kvist;
import io.github.kvist.api.Index;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Table;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.time.Instant;
import java.util.List;

/** The five lines of the README, run twice: the second opening has to find what the first one wrote. */
public final class App {
    record Session(String id, String user, Instant lastSeen) {}

    static final Index<Session, String> BY_USER = Index.of("by_user", Keys.string(), Session::user);
    static final Table<String, Session> SESSIONS =
            Table.of("sessions", Keys.string(), Values.json(Session.class)).with(BY_USER);

    public static void main(String[] args) {
        Session session = new Session("s1", "ann", Instant.parse("2026-01-01T12:00:00Z"));
        try (KvStore store = Kvist.open(args[0])) {
            store.update(tx -> tx.in(SESSIONS).put(session.id(), session));
        }
        try (KvStore store = Kvist.open(args[0])) {
            List<Session> found = store.in(SESSIONS).by(BY_USER).eq("ann").values();
            expect(found.equals(List.of(session)), "ann's session after opening again, but found " + found);
        }
        expect(!Kvist.class.getModule().isNamed(), "Kvist on the class path");
        System.out.println("class path: found again after reopening");
    }

    private static void expect(boolean fact, String what) {
        if (!fact) {
            throw new AssertionError("expected " + what);
        }
    }
}
