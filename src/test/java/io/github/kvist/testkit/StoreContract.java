// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.kvist.api.Capabilities;
import io.github.kvist.api.Capabilities.Support;
import io.github.kvist.api.Capability;
import io.github.kvist.api.Index;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.Table;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.lang.reflect.AnnotatedElement;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * An open store for each test, and tables to put into it. What a test needs of the store stands at the test ({@link Needs}). Revisions
 * may begin anywhere and leave some out; only that they rise is relied on.
 */
@ExtendWith(GroupWiring.class)
abstract class StoreContract {

    record Person(
            String name, @Nullable String city, @Nullable String email, List<String> tags) {
        static Person of(String name, @Nullable String city, String... tags) {
            return new Person(name, city, null, List.of(tags));
        }

        Person withEmail(@Nullable String email) {
            return new Person(name, city, email, tags);
        }
    }

    static final Table<String, String> WORDS = Table.of("words", Keys.string(), Values.string());
    static final Table<Long, byte[]> BLOBS = Table.of("blobs", Keys.int64(), Values.bytes());

    static final Index<Person, String> BY_CITY = Index.of("by_city", Keys.string(), Person::city);
    static final Index<Person, String> BY_EMAIL = Index.unique("by_email", Keys.string(), Person::email);
    static final Index<Person, String> BY_TAG = Index.multi("by_tag", Keys.string(), Person::tags);
    static final Table<String, Person> PEOPLE = Table.of("people", Keys.string(), Values.json(Person.class))
            .with(BY_CITY)
            .with(BY_EMAIL)
            .with(BY_TAG);

    private @Nullable KvStoreContract stores;
    private @Nullable Capabilities claims;
    StoreHome home;
    KvStore store;

    /** To be called first. */
    final void keepIn(KvStoreContract stores) {
        this.stores = stores;
    }

    /** Another home beside that of the store. */
    final StoreHome newHome() {
        return Objects.requireNonNull(stores).newHome();
    }

    /** What the store said last. */
    final Capabilities claims() {
        return Objects.requireNonNull(claims);
    }

    /** How the store is opened. */
    Options options() {
        return Options.defaults();
    }

    @BeforeEach
    final void openStore(TestInfo test) {
        home = newHome();
        store = home.open(options());
        claims = store.capabilities();
        test.getTestClass().ifPresent(this::requireNeeds);
        test.getTestMethod().ifPresent(this::requireNeeds);
    }

    private void requireNeeds(AnnotatedElement test) {
        Needs needs = test.getAnnotation(Needs.class);
        if (needs != null) {
            for (Capability capability : needs.value()) {
                assumeTrue(can(capability), "needs " + capability);
            }
        }
    }

    final boolean can(Capability capability) {
        return claims().of(capability) != Support.NONE;
    }

    final boolean isShared() {
        return home.isShared();
    }

    /** How often something is tried: {@code often} in one process, less often where each call is a round trip. */
    final int rounds(int often) {
        return home.isRemote() ? Math.max(1, often / 8) : often;
    }

    @AfterEach
    final void closeStore() {
        store.close();
        home.close();
    }

    /** Closes the store and opens it again. */
    final void reopen() {
        reopen(options());
    }

    final void reopen(Options options) {
        store.close();
        store = home.open(options);
    }

    final void put(Person person) {
        store.in(PEOPLE).put(person.name(), person);
    }
}
