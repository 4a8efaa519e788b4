// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.postgres;

import io.github.kvist.api.Capabilities;
import io.github.kvist.api.Durability;
import io.github.kvist.api.KvException;
import io.github.kvist.api.Options;
import io.github.kvist.api.Outcome;
import io.github.kvist.api.Retention;
import io.github.kvist.api.Stats;
import io.github.kvist.backend.Backend;
import io.github.kvist.backend.ChangeFeed;
import io.github.kvist.backend.Commit;
import io.github.kvist.backend.Condition;
import io.github.kvist.backend.Describing;
import io.github.kvist.backend.Feed;
import io.github.kvist.backend.Figures;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Measured;
import io.github.kvist.backend.Operation;
import io.github.kvist.backend.Outcomes;
import io.github.kvist.backend.Range;
import io.github.kvist.backend.Stamping;
import io.github.kvist.backend.Stored;
import io.github.kvist.backend.Sweeping;
import io.github.kvist.backend.View;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A store in a schema of a PostgreSQL database, which any number of processes may use at once. Safe for any number of threads.
 *
 * <p>A commit is one call of a function of the database, shared by the threads that commit at the same moment. A view is a
 * read-only transaction that begins with its first read and holds a connection while it is open.
 */
public final class PostgresBackend implements Backend, ChangeFeed, Describing, Measured, Outcomes, Stamping, Sweeping {

    /**
     * What every connection of a data source of the application's should run first, for instance as
     * {@code connectionInitSql}: until the server has statistics it takes a new table to be small, and may keep a plan that was made
     * for it then. Without it everything is right, but perhaps slower.
     */
    public static final String SESSION_SETTINGS = "set enable_seqscan = off; set enable_hashjoin = off;"
            + " set enable_mergejoin = off; set plan_cache_mode = force_generic_plan; set jit = off";

    private final Connections connections;
    private final Calls calls;
    private final String where;
    private final boolean isReadOnly;
    private final Keyspaces keyspaces;
    private final Reading reading;
    private final ServerClock clock;
    private final Stamps stamps;
    private final CommitQueue commits;
    private final Sweeper sweeper;
    private final Deadlines deadlines;
    private final ChangeReader changes;
    private final Dispatcher dispatcher;
    private final TableViews tableViews;
    private final SchemaName schema;
    private final Sizes sizes;
    private final Tally tally = new Tally();
    private final String outcome;

    /** The newest revision that any answer told. */
    private final AtomicLong newest = new AtomicLong();

    private volatile boolean closed;

    /**
     * A store in a database of the application's own.
     *
     * @param source gives a connection for every call, so it should be a pool; stays open. Each of its connections should have
     *     {@link #SESSION_SETTINGS}
     * @param schema is created, with tables and functions, unless it is there
     * @throws KvException.Unavailable if the database cannot be reached or refuses
     * @throws KvException.Unsupported if the server is too old
     * @throws KvException.UnsupportedFormat if the tables there are of a newer version
     */
    public static PostgresBackend of(DataSource source, String schema, Options options) {
        SchemaName name = new SchemaName(schema);
        return open(new Connections(source), name, options, "PostgreSQL, schema " + name.quoted());
    }

    /** Takes {@code connections} over, also if it fails. */
    static PostgresBackend open(Connections connections, SchemaName schema, Options options, String where) {
        try {
            ServerClock clock = new ServerClock(options.clock());
            Opening opening = Opening.of(connections, schema, options, where, clock);
            return new PostgresBackend(connections, schema, options, where, clock, opening);
        } catch (Throwable failed) {
            connections.close();
            throw failed;
        }
    }

    private PostgresBackend(
            Connections connections,
            SchemaName schema,
            Options options,
            String where,
            ServerClock clock,
            Opening opening) {
        this.connections = connections;
        this.where = where;
        this.isReadOnly = options.isReadOnly();
        this.clock = clock;
        this.calls = new Calls(connections, options.timeout(), where);
        this.keyspaces = new Keyspaces(schema);
        this.reading = new Reading(schema);
        this.deadlines = new Deadlines(opening.earliestDeadline());
        this.stamps = new Stamps(
                opening.client(), () -> calls.write("drawing a number", live -> Opening.nextClient(live, schema)));
        this.newest.set(opening.revision());
        Retention kept = Retained.of(options);
        CommitCall call = new CommitCall(connections, clock, kept, schema, where, this::noteRevision, tally);
        this.commits = new CommitQueue(call::send);
        this.sweeper = new Sweeper(calls, clock, keyspaces, deadlines, tally, schema);
        this.changes = new ChangeReader(keyspaces, kept, schema);
        this.dispatcher = new Dispatcher(connections, calls, changes, schema);
        this.schema = schema;
        this.sizes = new Sizes(schema);
        this.tableViews = new TableViews(calls, schema);
        this.outcome = schema.in("select ${schema}.kvist_outcome(?, ?)");
    }

    private void noteRevision(long revision) {
        newest.accumulateAndGet(revision, Math::max);
    }

    @Override
    public Keyspace keyspace(String name) {
        return keyspaces.named(name);
    }

    @Override
    public View view() {
        requireOpen();
        return new PostgresView(connections, calls, keyspaces, reading, clock);
    }

    @Override
    public @Nullable Stored get(Keyspace keyspace, byte[] key) {
        requireOpen();
        PostgresKeyspace ours = keyspaces.ours(keyspace);
        return calls.read(
                        "a read",
                        connection -> keyspaces.isKnown(ours, connection)
                                ? reading.get(connection, clock, ours.id(), key)
                                : Optional.<Stored>empty())
                .orElse(null);
    }

    @Override
    public long commit(Commit commit) {
        requireWritable();
        long bytes = Limits.check(commit.operations());
        makeKnown(commit);
        Draft draft = new Draft(commit, keyspace -> keyspaces.ours(keyspace).id(), stamps::take);
        long id = draft.writes.isEmpty() ? 0 : stamps.take();
        boolean isSync = commit.durability() == Durability.SYNC;
        long revision = commits.commit(new WaitingCommit(draft, isSync, id, newest.get(), bytes, calls.deadline()));
        if (revision != Commit.REFUSED) {
            deadlines.written(draft.earliestDeadline());
        }
        return revision;
    }

    /** Once for each keyspace in the life of a process. */
    private void makeKnown(Commit commit) {
        for (Operation operation : commit.operations()) {
            makeKnown(keyspaces.ours(operation.keyspace()));
        }
        for (Condition condition : commit.conditions()) {
            makeKnown(keyspaces.ours(condition.keyspace()));
        }
        if (commit.unchanged() != null) {
            for (Range range : commit.unchanged().ranges()) {
                makeKnown(keyspaces.ours(range.keyspace()));
            }
        }
    }

    private void makeKnown(PostgresKeyspace keyspace) {
        if (!keyspace.isKnown()) {
            calls.write("naming a keyspace", connection -> {
                keyspaces.create(keyspace, connection);
                return keyspace;
            });
        }
    }

    private void requireWritable() {
        requireOpen();
        if (isReadOnly) {
            throw new KvException.Unsupported(
                    where + " was opened read-only. Open it without Options.readOnly() to write.");
        }
    }

    @Override
    public long newVersion() {
        return stamps.take();
    }

    @Override
    public void newVersionsAbove(long version) {
        requireWritable();
        stamps.above(
                version,
                least -> calls.write(
                        "drawing a number", connection -> Opening.nextClientAbove(least, connection, schema)));
    }

    /** Reads all of the store. */
    @Override
    public Figures figures() {
        requireOpen();
        return calls.read("counting", connection -> {
            Reading.Present present = reading.present(connection, clock);
            List<Figures.Size> keyspaceSizes = sizes.ofKeyspaces(connection, present.instant());
            long bytes = keyspaceSizes.stream().mapToLong(Figures.Size::bytes).sum();
            return new Figures(
                    present.revision(),
                    keyspaceSizes,
                    new Stats.Memory(bytes, bytes, sizes.ofChanges(connection, schema), OptionalLong.empty()),
                    Stats.Disk.NONE,
                    tally.commits(),
                    tally.sweeps(),
                    tally.expired(),
                    dispatcher.watches());
        });
    }

    @Override
    public long now() {
        return clock.now();
    }

    @Override
    public long revision() {
        requireOpen();
        long revision = calls.read(
                "a read", connection -> reading.present(connection, clock).revision());
        noteRevision(revision);
        return revision;
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public long earliestDeadline() {
        return deadlines.earliest();
    }

    @Override
    public long sweep(Predicate<String> counted, Durability durability) {
        requireWritable();
        return sweeper.sweep(counted, durability == Durability.SYNC, stamps.take());
    }

    @Override
    public Feed follow(Scope scope, OptionalLong after, int buffer) {
        long present = revision();
        long begin = after.orElse(present);
        if (begin > present) {
            throw new IllegalArgumentException(
                    "Nothing can be followed from revision " + begin + ", as the newest is " + present + ".");
        }
        PostgresFeed feed = new PostgresFeed(calls, changes, dispatcher, scope, begin, buffer);
        if (begin == present) {
            feed.join();
        }
        return feed;
    }

    @Override
    public void describe(String table, Keyspace records, String keys, String values) {
        if (!closed && !isReadOnly) {
            tableViews.create(table, keyspaces.ours(records), keys, values);
        }
    }

    @Override
    public Outcome outcome(String transactionId) {
        requireWritable();
        TransactionId id = TransactionId.parse(transactionId);
        int answer = calls.write("asking for an outcome", connection -> {
            try (PreparedStatement statement = connection.prepareStatement(outcome)) {
                statement.setLong(1, id.id());
                statement.setLong(2, id.since());
                try (ResultSet result = statement.executeQuery()) {
                    result.next();
                    return result.getInt(1);
                }
            }
        });
        return answer > 0 ? Outcome.COMMITTED : answer == 0 ? Outcome.ROLLED_BACK : Outcome.UNKNOWN;
    }

    @Override
    public Capabilities capabilities() {
        return PostgresCapabilities.ALL;
    }

    @Override
    public String description() {
        return where;
    }

    private void requireOpen() {
        if (closed) {
            throw new KvException.Closed("The store at " + where + " was closed. Open it again.");
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        if (!isReadOnly) {
            sweeper.last(stamps);
        }
        closed = true;
        dispatcher.close();
        connections.close();
    }
}
