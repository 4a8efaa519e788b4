// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.recipes;

import io.github.kvist.api.Entry;
import io.github.kvist.api.Expiry;
import io.github.kvist.api.Index;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Table;
import io.github.kvist.api.TableWriter;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Who is logged in. Safe for any number of threads. */
final class Sessions {

    record Session(String user, String device, Instant loggedInAt) {}

    static final Index<Session, String> BY_USER = Index.of("by_user", Keys.string(), Session::user);

    static final Table<String, Session> SESSIONS =
            Table.of("sessions", Keys.string(), Values.json(Session.class)).with(BY_USER);

    static final Duration IDLE = Duration.ofMinutes(30);
    static final Duration LONGEST = Duration.ofHours(12);
    static final Duration SLACK = Duration.ofMinutes(1);

    private final SecureRandom random = new SecureRandom();
    private final KvStore store;
    private final InstantSource clock;

    Sessions(KvStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    String logIn(String user, String device) {
        String token = newToken();
        Session session = new Session(user, device, clock.instant());
        store.in(SESSIONS).put(token, session, Expiry.at(endOf(session)));
        return token;
    }

    /** The session of a request, which keeps it alive; empty if it ended. */
    Optional<Session> resume(String token) {
        Optional<Entry<String, Session>> found = store.in(SESSIONS).entry(token);
        found.ifPresent(this::extend);
        return found.map(Entry::value);
    }

    private void extend(Entry<String, Session> entry) {
        Instant end = endOf(entry.value());
        if (end.isAfter(entry.expiresAt().plus(SLACK))) {
            store.in(SESSIONS).touch(entry.key(), Expiry.at(end));
        }
    }

    private Instant endOf(Session session) {
        Instant idle = clock.instant().plus(IDLE);
        Instant longest = session.loggedInAt().plus(LONGEST);
        return idle.isBefore(longest) ? idle : longest;
    }

    boolean logOut(String token) {
        return store.in(SESSIONS).delete(token);
    }

    /** Ends every session of a user and returns how many there were. */
    int logOutEverywhere(String user) {
        return store.write(tx -> {
            TableWriter<String, Session> sessions = tx.in(SESSIONS);
            List<String> tokens = sessions.by(BY_USER).eq(user).keys();
            tokens.forEach(sessions::delete);
            return tokens.size();
        });
    }

    List<Session> of(String user) {
        return store.in(SESSIONS).by(BY_USER).eq(user).values();
    }

    private String newToken() {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
