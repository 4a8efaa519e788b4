// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.micrometer;

import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Stats;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Publishes {@link io.github.kvist.api.Admin#stats} of a store; {@code docs/operations.md} lists the meters.
 *
 * <pre>{@code
 * new KvistMetrics(store, Tags.of("store", "sessions")).bindTo(registry);
 * }</pre>
 *
 * <p>Figures are read when a registry asks for them, at most once a second, whatever the number of meters. Once the store is
 * closed, gauges say that they have no value and counters stay where they were. Safe for any number of threads.
 */
@SuppressWarnings("exports") // whoever uses this requires Micrometer; whoever does not must not have to
public final class KvistMetrics implements MeterBinder {

    private static final long FRESH_NANOS = 1_000_000_000;

    private final KvStore store;
    private final Iterable<Tag> tags;

    // Guarded by this.
    private @Nullable Stats stats;
    private boolean isRead;
    private boolean closed;
    private long readNanos;
    private @Nullable MultiGauge tableEntries;
    private @Nullable MultiGauge tableBytes;

    public KvistMetrics(KvStore store) {
        this(store, Tags.empty());
    }

    /** With tags for every meter, which tell several stores apart. */
    public KvistMetrics(KvStore store, Iterable<Tag> tags) {
        this.store = Objects.requireNonNull(store, "store");
        this.tags = Objects.requireNonNull(tags, "tags");
    }

    /** To be called once. */
    @Override
    public void bindTo(MeterRegistry registry) {
        synchronized (this) {
            tableEntries = MultiGauge.builder("kvist.table.entries")
                    .description("Records of a table")
                    .tags(tags)
                    .register(registry);
            tableBytes = MultiGauge.builder("kvist.table.bytes")
                    .description("Keys and values of a table and its indexes")
                    .baseUnit("bytes")
                    .tags(tags)
                    .register(registry);
        }
        bindSizes(registry);
        bindCommits(registry);
        bindExpiry(registry);
        bindReaders(registry);
        double unused = last(Stats::revision);
    }

    private void bindSizes(MeterRegistry registry) {
        gauge(
                registry,
                "kvist.memory.data",
                "bytes",
                "Heap for the data, estimated",
                s -> s.memory().dataBytes());
        gauge(
                registry,
                "kvist.memory.history",
                "bytes",
                "Heap for older commits, estimated",
                s -> s.memory().historyBytes());
        gauge(
                registry,
                "kvist.memory.limit",
                "bytes",
                "Options.maxBytes",
                s -> s.memory().limit().isPresent() ? s.memory().limit().getAsLong() : Double.NaN);
        gauge(
                registry,
                "kvist.disk.used",
                "bytes",
                "Log and checkpoints",
                s -> s.disk().bytes());
        gauge(
                registry,
                "kvist.disk.max",
                "bytes",
                "What they may take",
                s -> s.disk().bytesMax());
        gauge(
                registry,
                "kvist.log.size",
                "bytes",
                "Log since the checkpoint",
                s -> s.disk().logBytes());
    }

    private void bindCommits(MeterRegistry registry) {
        counter(
                registry,
                "kvist.commits",
                "Commits",
                Tags.empty(),
                s -> s.commits().commits());
        counter(
                registry,
                "kvist.conflicts",
                "Attempts that lost",
                Tags.empty(),
                s -> s.commits().conflicts());
        counter(
                registry,
                "kvist.log.writes",
                "Writes of the log",
                Tags.empty(),
                s -> s.commits().frames());
        counter(
                registry,
                "kvist.log.syncs",
                "Writes that were synced",
                Tags.empty(),
                s -> s.commits().syncs());
        gauge(
                registry,
                "kvist.log.batch.max",
                "commits",
                "Most commits of one write",
                s -> s.commits().batchMax());
        counter(
                registry,
                "kvist.checkpoints",
                "Checkpoints",
                Tags.of("result", "completed"),
                s -> s.disk().checkpoints());
        counter(
                registry,
                "kvist.checkpoints",
                "Checkpoints",
                Tags.of("result", "failed"),
                s -> s.disk().checkpointsFailed());
    }

    private void bindExpiry(MeterRegistry registry) {
        gauge(
                registry,
                "kvist.expiry.due",
                "entries",
                "Due and not swept yet",
                s -> s.expiry().due());
        counter(
                registry,
                "kvist.expiry.sweeps",
                "Commits that swept",
                Tags.empty(),
                s -> s.expiry().sweeps());
        counter(
                registry,
                "kvist.expiry.expired",
                "Records swept",
                Tags.empty(),
                s -> s.expiry().expired());
    }

    private void bindReaders(MeterRegistry registry) {
        gauge(
                registry,
                "kvist.snapshots.open",
                "snapshots",
                "Open snapshots",
                s -> s.snapshots().open());
        gauge(
                registry,
                "kvist.snapshots.oldest.age",
                "seconds",
                "Age of the oldest open snapshot",
                s -> s.snapshots()
                        .oldest()
                        .map(open -> open.age().toMillis() / 1_000.0)
                        .orElse(0.0));
        gauge(
                registry,
                "kvist.watches.open",
                "watches",
                "Open watches",
                s -> s.watches().open());
        gauge(
                registry,
                "kvist.watches.lag",
                "revisions",
                "Lag of the slowest watch",
                s -> s.watches().lag());
    }

    private void gauge(
            MeterRegistry registry, String name, String unit, String description, ToDoubleFunction<Stats> figure) {
        Gauge unused = Gauge.builder(name, () -> present(figure))
                .baseUnit(unit)
                .description(description)
                .tags(tags)
                .register(registry);
    }

    private void counter(
            MeterRegistry registry, String name, String description, Tags own, ToDoubleFunction<Stats> figure) {
        FunctionCounter unused = FunctionCounter.builder(name, this, metrics -> metrics.last(figure))
                .description(description)
                .tags(own.and(tags))
                .register(registry);
    }

    private synchronized double present(ToDoubleFunction<Stats> figure) {
        Stats read = fresh();
        return read == null || closed ? Double.NaN : figure.applyAsDouble(read);
    }

    private synchronized double last(ToDoubleFunction<Stats> figure) {
        Stats read = fresh();
        return read == null ? 0 : figure.applyAsDouble(read);
    }

    /** The next meter that is asked reads the store again, however fresh its figures are. */
    synchronized void forgetFigures() {
        isRead = false;
    }

    private synchronized @Nullable Stats fresh() {
        long now = System.nanoTime();
        if (!closed && (!isRead || now - readNanos >= FRESH_NANOS)) {
            isRead = true;
            readNanos = now;
            try {
                Stats read = store.admin().stats();
                stats = read;
                publishTables(read);
            } catch (KvException.Closed end) {
                closed = true;
            }
        }
        return stats;
    }

    private void publishTables(Stats read) {
        if (tableEntries != null && tableBytes != null) {
            tableEntries.register(
                    read.tables().stream()
                            .map(table -> MultiGauge.Row.of(Tags.of("table", table.name()), table.entries()))
                            .toList(),
                    true);
            tableBytes.register(
                    read.tables().stream()
                            .map(table -> MultiGauge.Row.of(Tags.of("table", table.name()), bytes(table)))
                            .toList(),
                    true);
        }
    }

    private static long bytes(Stats.TableSize table) {
        return table.bytes()
                + table.indexes().stream().mapToLong(Stats.IndexSize::bytes).sum();
    }
}
