// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.api.Capabilities;
import io.github.kvist.api.Capability;
import io.github.kvist.api.KvException;
import io.github.kvist.api.Options;
import io.github.kvist.backend.Backend;
import io.github.kvist.backend.ChangeFeed;
import io.github.kvist.backend.Diffing;
import io.github.kvist.backend.Forking;
import io.github.kvist.backend.History;
import io.github.kvist.backend.Images;
import io.github.kvist.backend.Measured;
import io.github.kvist.backend.View;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What only some backends can do, by the interface that they do it through. Asking for what is not there is a {@link
 * KvException.Unsupported} that says so. Immutable.
 */
final class Seams {

    private final Backend backend;

    Seams(Backend backend) {
        this.backend = backend;
    }

    /** Throws if the backend lacks a capability that {@code options} require; the message holds the whole list. */
    static void requireAll(Backend backend, Options options) {
        Capabilities present = backend.capabilities();
        List<Capability> missing = options.required().stream()
                .filter(capability -> present.of(capability) == Capabilities.Support.NONE)
                .sorted()
                .toList();
        if (!missing.isEmpty()) {
            throw new KvException.Unsupported(backend.description() + " cannot do what is required: " + missing
                    + ". Choose another backend, or require less.");
        }
    }

    /** Asks for what {@link View}s of a system without snapshots cannot be. */
    void requireSnapshots() {
        if (!hasSnapshots()) {
            throw new KvException.Unsupported("The store at " + backend.description()
                    + " has no snapshots; its capabilities say what it can do. Use read(…), which sees one state too.");
        }
    }

    boolean hasSnapshots() {
        return backend.capabilities().of(Capability.SNAPSHOT_READS) != Capabilities.Support.NONE;
    }

    ChangeFeed changeFeed() {
        return present(backend instanceof ChangeFeed feed ? feed : null, "watches");
    }

    Diffing diffing() {
        return present(backend instanceof Diffing diffing ? diffing : null, "differences of snapshots");
    }

    Forking forking() {
        return present(backend instanceof Forking forking ? forking : null, "forks");
    }

    History history() {
        return present(backend instanceof History history ? history : null, "history");
    }

    Images images() {
        return present(backend instanceof Images images ? images : null, "images");
    }

    Measured measured() {
        return present(backend instanceof Measured measured ? measured : null, "figures of its own");
    }

    private <S> S present(@Nullable S seam, String what) {
        if (seam != null) {
            return seam;
        }
        throw new KvException.Unsupported(
                "The store at " + backend.description() + " has no " + what + "; its capabilities say what it can do.");
    }
}
