// SPDX-License-Identifier: Apache-2.0
package io.github.kvist;

import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.SalvageMode;
import io.github.kvist.api.SalvageReport;
import io.github.kvist.backend.Backend;
import io.github.kvist.backend.Storage;
import io.github.kvist.backend.file.FileStorage;
import io.github.kvist.backend.file.LocalFiles;
import io.github.kvist.backend.memory.MemoryStorage;
import io.github.kvist.engine.Engine;
import io.github.kvist.table.TableStore;
import java.nio.file.Path;

/**
 * Opens a store.
 *
 * <pre>{@code
 * try (KvStore store = Kvist.open("file:data/app")) {
 *   store.in(SESSIONS).put(session.id(), session);
 * }
 * }</pre>
 *
 * <p>Addresses are checked before anything is created. Every method throws {@link IllegalArgumentException} for a malformed
 * address, and {@link KvException} for what stands in the way: {@code Locked} if another process (or this one)
 * has it open, {@code Corrupt} or {@code UnsupportedFormat} for what lies there, {@code Unsupported} if it cannot do what
 * {@link Options#require} asks for.
 */
public final class Kvist {

    private Kvist() {}

    /** A store without files: everything ends with the process. */
    public static KvStore inMemory() {
        return open(new MemoryStorage(), Options.defaults());
    }

    /** The durable store in {@code directory}, created if there is none; the path is taken as it is. */
    public static KvStore open(Path directory) {
        return open(new FileStorage(directory), Options.defaults());
    }

    /** As {@link #open(String, Options)}, with the defaults. */
    public static KvStore open(String uri) {
        return open(uri, Options.defaults());
    }

    /**
     * The store at an address: {@code memory:}, {@code file:directory}, or one of a system on the network that a
     * {@link io.github.kvist.backend.BackendProvider} opens, such as {@code postgresql://user:password@host/database}. In all of them
     * {@code %xx} stands for a byte.
     *
     * <p>{@code file:} knows the parameter {@code durability} (sync, os, memory), which goes before that of {@code options}.
     *
     * @throws KvException.Unsupported if the driver of the system is missing; the message says which dependency to add
     * @throws KvException.Unavailable if the system cannot be reached, or does not let us in
     */
    public static KvStore open(String uri, Options options) {
        return StoreAddress.parse(uri).open(options);
    }

    /** A store over a system that answers by itself. Closing the store closes {@code backend}. */
    public static KvStore open(Backend backend, Options options) {
        return new TableStore(backend, options, LocalFiles::new);
    }

    /** The built-in engine over a durable home of the caller's. Closing the store closes {@code storage}. */
    public static KvStore open(Storage storage, Options options) {
        Engine engine = Engine.open(storage, options);
        try {
            return open(engine, options);
        } catch (Throwable refused) {
            engine.close();
            throw refused;
        }
    }

    /** As {@link #salvage(Path, Path, SalvageMode)}, with {@link SalvageMode#PREFIX}. */
    public static SalvageReport salvage(Path damaged, Path into) {
        return salvage(damaged, into, SalvageMode.PREFIX);
    }

    /**
     * Saves what can be saved of a store that is refused as damaged, into a new directory; for those who have no backup. The
     * damaged directory is only read.
     *
     * <p>The new store has an identity and revisions of its own. It is read again before this returns. Whatever interrupts it
     * leaves no store in {@code into}. Needs the memory that the store needs when it is open, and about a hundred bytes for each
     * frame of its log.
     *
     * @param into does not exist, or is an empty directory, and does not lie in {@code damaged}
     * @throws IllegalArgumentException if there is something in {@code into}
     * @throws KvException.Corrupt if {@code mode} is {@code PREFIX} and no state can be proven
     * @throws KvException.Locked if {@code damaged} is in use
     * @throws KvException.UnsupportedFormat if a newer version wrote it, or it is no store
     * @throws KvException.Unavailable if {@code damaged} cannot be read, or {@code into} not be written
     */
    public static SalvageReport salvage(Path damaged, Path into, SalvageMode mode) {
        Path inside = into.toAbsolutePath().normalize();
        if (inside.startsWith(damaged.toAbsolutePath().normalize())) {
            throw new IllegalArgumentException(
                    into + " lies in " + damaged + ", in which nothing is changed. Name a directory elsewhere.");
        }
        return StoreSalvage.run(new LocalFiles(damaged), new LocalFiles(into), mode);
    }
}
