// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.recipes;

import io.github.kvist.api.Expiry;
import io.github.kvist.api.Index;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Table;
import io.github.kvist.api.TableWriter;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;

/** What a slow service answered lately. Safe for any number of threads. */
final class Cache {

    /** An answer; without a text it says that there is none. */
    record Answer(Optional<String> text, Instant fetchedAt) {}

    static final Index<Answer, Instant> BY_AGE = Index.of("by_age", Keys.instant(), Answer::fetchedAt);

    static final Table<String, Answer> ANSWERS =
            Table.of("answers", Keys.string(), Values.json(Answer.class)).with(BY_AGE);

    static final Duration FRESH = Duration.ofMinutes(10);
    static final Duration FRESH_ABSENCE = Duration.ofSeconds(30);

    private final KvStore store;
    private final InstantSource clock;
    private final long entriesMax;
    private final Function<String, Optional<String>> service;
    private final ConcurrentMap<String, CompletableFuture<Answer>> underWay = new ConcurrentHashMap<>();

    Cache(KvStore store, InstantSource clock, long entriesMax, Function<String, Optional<String>> service) {
        this.store = store;
        this.clock = clock;
        this.entriesMax = entriesMax;
        this.service = service;
    }

    /**
     * The answer for {@code key}, from the service if there is no fresh one here. What the service throws reaches all who
     * wait for this answer, as {@code CompletionException} except for the one who called; nothing is kept of it.
     */
    Optional<String> get(String key) {
        Answer known = store.in(ANSWERS).getOrNull(key);
        return (known == null ? fetchOnce(key) : known).text();
    }

    private Answer fetchOnce(String key) {
        CompletableFuture<Answer> mine = new CompletableFuture<>();
        CompletableFuture<Answer> first = underWay.putIfAbsent(key, mine);
        if (first != null) {
            return first.join();
        }
        try {
            // Another thread may have stored an answer after this one looked and before it took the lead.
            Answer answer = store.in(ANSWERS).get(key).orElseGet(() -> fetch(key));
            mine.complete(answer);
            return answer;
        } catch (Throwable failed) {
            mine.completeExceptionally(failed);
            throw failed;
        } finally {
            underWay.remove(key, mine);
        }
    }

    private Answer fetch(String key) {
        Answer answer = new Answer(service.apply(key), clock.instant());
        store.update(tx -> {
            TableWriter<String, Answer> answers = tx.in(ANSWERS);
            answers.put(key, answer, Expiry.after(answer.text().isPresent() ? FRESH : FRESH_ABSENCE));
            long excess = answers.count() - entriesMax;
            if (excess > 0) {
                answers.by(BY_AGE).scan(KeyRange.all()).limit(excess).keys().forEach(answers::delete);
            }
        });
        return answer;
    }
}
