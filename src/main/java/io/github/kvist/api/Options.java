// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.api;

import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a store is opened; immutable, each method returns a changed copy.
 *
 * @param required what the store must be able to do, natively or by other means
 * @param clock what the store takes the time from; the system's by default
 * @param durability what a commit waits for unless its transaction says otherwise
 * @param recovery what opening does with a log whose end is not whole
 * @param isReadOnly whether every write is refused and the data left as it is
 * @param checkpointAfter how many bytes of log may lie after a checkpoint before the next is made; the log may grow to the
 *     size of the checkpoint if that is larger
 * @param history which commits of the past stay readable
 * @param maxBytes how much memory the data and what is kept for older commits may take; {@link Long#MAX_VALUE} for no limit
 * @param credentials of a system on the network, instead of those in its address
 * @param timeout how long one call to a system on the network may take, connecting included
 */
public record Options(
        Set<Capability> required,
        InstantSource clock,
        Durability durability,
        Recovery recovery,
        boolean isReadOnly,
        long checkpointAfter,
        Retention history,
        long maxBytes,
        @Nullable Credentials credentials,
        Duration timeout) {

    private static final long CHECKPOINT_AFTER = 64L << 20;
    private static final Options DEFAULTS = new Options(
            Set.of(),
            Clock.systemUTC(),
            Durability.SYNC,
            Recovery.DROP_TORN_TAIL,
            false,
            CHECKPOINT_AFTER,
            Retention.DEFAULT,
            Long.MAX_VALUE,
            null,
            Duration.ofSeconds(10));

    public Options {
        required = Set.copyOf(required);
        Objects.requireNonNull(clock, "clock");
        Objects.requireNonNull(durability, "durability");
        Objects.requireNonNull(recovery, "recovery");
        Objects.requireNonNull(history, "history");
        if (checkpointAfter < 1) {
            throw new IllegalArgumentException(
                    "checkpointAfter is a positive number of bytes, not " + checkpointAfter + ".");
        }
        if (maxBytes < 1) {
            throw new IllegalArgumentException("maxBytes is a positive number of bytes, not " + maxBytes + ".");
        }
        Objects.requireNonNull(timeout, "timeout");
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("The timeout of a store is positive, not " + timeout + ".");
        }
    }

    /** Durable commits, the system clock, a torn tail cut and reported, a checkpoint every 64 MiB of log. */
    public static Options defaults() {
        return DEFAULTS;
    }

    /** Opening fails with {@link KvException.Unsupported} and the whole list of what is missing. */
    public Options require(Capability... capabilities) {
        return with(copy -> copy.required.addAll(List.of(capabilities)));
    }

    public Options clock(InstantSource clock) {
        return with(copy -> copy.clock = clock);
    }

    public Options durability(Durability durability) {
        return with(copy -> copy.durability = durability);
    }

    public Options recovery(Recovery recovery) {
        return with(copy -> copy.recovery = recovery);
    }

    public Options readOnly() {
        return with(copy -> copy.isReadOnly = true);
    }

    public Options checkpointAfter(long logBytes) {
        return with(copy -> copy.checkpointAfter = logBytes);
    }

    /**
     * Every commit stays readable for so long after it was made, by the clock of the store, whatever memory that takes. With
     * {@link #history(long)} too, a commit is kept that either asks for.
     */
    public Options history(Duration age) {
        return with(copy -> copy.history = history.forAge(age));
    }

    /** The last {@code revisions} commits stay readable, whatever memory that takes. */
    public Options history(long revisions) {
        return with(copy -> copy.history = history.forRevisions(revisions));
    }

    /**
     * A write that would make the data larger while they are over this limit is refused with {@link KvException.LimitExceeded},
     * and nothing of it is applied; reads, deletes and whatever leaves the data as large or smaller go on. The built-in engine counts
     * keys and values of records and indexes, an estimate of what it takes to store them, and what {@link Stats.Memory#historyBytes}
     * says of older commits; what programs hold, open snapshots too, it does not count. Unless more history was asked for, it keeps at
     * most a quarter of the limit for older commits; where it was, writes that leave the data as large are refused like those that
     * make them larger, because they too are kept. A transaction is refused at the put that
     * would pass the limit, and when it commits. A store that is over the limit when it is opened is opened. Forks have the limit of
     * their origin, each for itself.
     */
    public Options maxBytes(long bytes) {
        return with(copy -> copy.maxBytes = bytes);
    }

    /** Who a system on the network is asked as, so that no address has to hold a password. */
    public Options credentials(String user, String password) {
        Credentials given = new Credentials(user, new Secret(password));
        return with(copy -> copy.credentials = given);
    }

    /**
     * After so long a call to a system on the network ends with {@link KvException.Unavailable}, or, if it was a commit that may
     * have arrived, with {@link KvException.OutcomeUnknown}; 10 s by default. The built-in engine has no use for it.
     */
    public Options timeout(Duration timeout) {
        return with(copy -> copy.timeout = timeout);
    }

    private Options with(Consumer<Copy> change) {
        Copy copy = new Copy(this);
        change.accept(copy);
        return copy.options();
    }

    /** All of them, to be changed before they are options again. */
    private static final class Copy {
        private final Set<Capability> required;
        private InstantSource clock;
        private Durability durability;
        private Recovery recovery;
        private boolean isReadOnly;
        private long checkpointAfter;
        private Retention history;
        private long maxBytes;
        private @Nullable Credentials credentials;
        private Duration timeout;

        Copy(Options of) {
            required = EnumSet.noneOf(Capability.class);
            required.addAll(of.required);
            clock = of.clock;
            durability = of.durability;
            recovery = of.recovery;
            isReadOnly = of.isReadOnly;
            checkpointAfter = of.checkpointAfter;
            history = of.history;
            maxBytes = of.maxBytes;
            credentials = of.credentials;
            timeout = of.timeout;
        }

        Options options() {
            return new Options(
                    required,
                    clock,
                    durability,
                    recovery,
                    isReadOnly,
                    checkpointAfter,
                    history,
                    maxBytes,
                    credentials,
                    timeout);
        }
    }
}
