// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.jmh;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.github.kvist.Kvist;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Table;
import io.github.kvist.api.TableWriter;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** A record read by key and decoded from JSON, beside Jackson's bare decoding of the same bytes. */
public class TypedGets extends Workload {
    private static final Table<String, Session> SESSIONS =
            Table.of("sessions", Keys.string(), Values.json(Session.class));
    private static final ObjectReader JACKSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build()
            .readerFor(Session.class);

    private KvStore store;
    private String[] ids;
    private byte[][] encoded;
    private int[] numbers;
    private byte[][] byNumber;
    private int next;

    @Setup
    public void setUp() throws IOException {
        store = Kvist.inMemory();
        store.update(transaction -> {
            TableWriter<String, Session> sessions = transaction.in(SESSIONS);
            for (int i = 0; i < size; i++) {
                sessions.put(Session.numbered(i).id(), Session.numbered(i));
            }
        });
        // Asked for in random order; the keys themselves lie in that order, as a key is at hand that has just come in.
        numbers = data().shuffled(1);
        ids = new String[size];
        encoded = new byte[size][];
        for (int i = 0; i < size; i++) {
            Session session = Session.numbered(numbers[i]);
            ids[i] = session.id();
            encoded[i] = Values.json(Session.class).encode(session);
        }
        byNumber = new byte[size][];
        for (int i = 0; i < size; i++) {
            byNumber[i] = Values.json(Session.class).encode(Session.numbered(i));
        }
        Session decoded = JACKSON.readValue(encoded[0]);
        if (!decoded.equals(store.in(SESSIONS).getOrNull(ids[0]))) {
            throw new IllegalStateException("Jackson and Kvist read different records from the same bytes.");
        }
    }

    @TearDown
    public void tearDown() {
        store.close();
    }

    private int next(int bound) {
        next = next + 1 < bound ? next + 1 : 0;
        return next;
    }

    @Benchmark
    public @Nullable Session kvist() {
        return store.in(SESSIONS).getOrNull(ids[next(size)]);
    }

    /** Of a million records one after the other, which lie in the order in which they are asked for. */
    @Benchmark
    public Session jackson() throws IOException {
        return JACKSON.readValue(encoded[next(size)]);
    }

    /** Of the same records in the same random order, which lie in the order of their numbers. */
    @Benchmark
    public Session jacksonScattered() throws IOException {
        return JACKSON.readValue(byNumber[numbers[next(size)]]);
    }

    /** Of bytes that are in the cache already. */
    @Benchmark
    public Session jacksonCached() throws IOException {
        return JACKSON.readValue(encoded[next(Math.min(size, 1_000))]);
    }
}
