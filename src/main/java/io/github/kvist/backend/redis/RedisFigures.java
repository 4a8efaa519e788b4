// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.redis;

import io.github.kvist.api.Stats;
import io.github.kvist.backend.Figures;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Figures of a store, as far as its server tells them. Bytes are the server's own estimate of what it takes to keep them. */
final class RedisFigures {

    /** Figures in front of those of the keyspaces. */
    private static final int HEAD = 2;

    private static final int EACH = 3;

    private RedisFigures() {}

    static Figures of(RedisBackend backend, Tally tally, Stats.Watches watches) {
        List<RedisKeyspace> keyspaces = keyspaces(backend);
        List<?> told = backend.calls().list(request(backend, keyspaces));
        List<Figures.Size> sizes = new ArrayList<>();
        long bytes = 0;
        for (int i = 0; i < keyspaces.size(); i++) {
            int at = HEAD + EACH * i;
            sizes.add(new Figures.Size(
                    keyspaces.get(i).name(), number(told, at), number(told, at + 1), number(told, at + 2)));
            bytes += number(told, at + 2);
        }
        long history = number(told, 1);
        return new Figures(
                number(told, 0),
                sizes,
                new Stats.Memory(bytes, bytes, history, OptionalLong.empty()),
                Stats.Disk.NONE,
                new Stats.Commits(tally.commits.sum(), tally.conflicts.sum(), 0, 0, 0, 0),
                tally.sweeps.sum(),
                tally.expired.sum(),
                watches);
    }

    private static List<RedisKeyspace> keyspaces(RedisBackend backend) {
        List<RedisKeyspace> keyspaces = new ArrayList<>();
        for (Object name : backend.calls().list(new Request(Script.NAMES, backend.layout().names))) {
            byte[] bytes = (byte[]) name;
            keyspaces.add(backend.layout().keyspace(KeyspaceName.of(bytes, 0, bytes.length)));
        }
        return keyspaces;
    }

    private static Request request(RedisBackend backend, List<RedisKeyspace> keyspaces) {
        Layout layout = backend.layout();
        Request request = new Request(Script.FIGURES, layout.meta, layout.stream, layout.deadlines);
        keyspaces.forEach(keyspace -> request.key(keyspace.entries()).key(keyspace.order()));
        request.with(backend.time().argument());
        keyspaces.forEach(keyspace -> request.with(keyspace.nameBytes()));
        return request;
    }

    private static long number(List<?> told, int at) {
        return (Long) told.get(at);
    }
}
