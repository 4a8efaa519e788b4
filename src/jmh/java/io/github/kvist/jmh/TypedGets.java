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
import java.util.Random;
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
    private int next;

    @Setup
    public void setUp() throws IOException {
        store = Kvist.inMemory();
        ids = new String[size];
        encoded = new byte[size][];
        store.update(transaction -> {
            TableWriter<String, Session> sessions = transaction.in(SESSIONS);
            for (int i = 0; i < size; i++) {
                Session session = Session.numbered(i);
                ids[i] = session.id();
                encoded[i] = Values.json(Session.class).encode(session);
                sessions.put(session.id(), session);
            }
        });
        shuffle();
        Session decoded = JACKSON.readValue(encoded[0]);
        if (!decoded.equals(store.in(SESSIONS).getOrNull(ids[0]))) {
            throw new IllegalStateException("Jackson and Kvist read different records from the same bytes.");
        }
    }

    private void shuffle() {
        Random random = new Random(1);
        for (int i = size - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            String id = ids[i];
            ids[i] = ids[j];
            ids[j] = id;
            byte[] bytes = encoded[i];
            encoded[i] = encoded[j];
            encoded[j] = bytes;
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

    /** Of bytes that lie anywhere in memory, as those in a store do. */
    @Benchmark
    public Session jackson() throws IOException {
        return JACKSON.readValue(encoded[next(size)]);
    }

    /** Of bytes that are in the cache already. */
    @Benchmark
    public Session jacksonCached() throws IOException {
        return JACKSON.readValue(encoded[next(Math.min(size, 1_000))]);
    }
}
