// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.api.Admin;
import io.github.kvist.api.Capabilities;
import io.github.kvist.api.Capability;
import io.github.kvist.api.Change;
import io.github.kvist.api.Durability;
import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.ReadTransaction;
import io.github.kvist.api.Snapshot;
import io.github.kvist.api.Table;
import io.github.kvist.api.TableWriter;
import io.github.kvist.api.TransactionOptions;
import io.github.kvist.api.Watch;
import io.github.kvist.api.WatchOptions;
import io.github.kvist.api.WriteTransaction;
import io.github.kvist.backend.Backend;
import io.github.kvist.backend.Branch;
import io.github.kvist.backend.Branching;
import io.github.kvist.backend.Commit;
import io.github.kvist.backend.Condition;
import io.github.kvist.backend.Diffing;
import io.github.kvist.backend.Forking;
import io.github.kvist.backend.Images;
import io.github.kvist.backend.KeyChange;
import io.github.kvist.backend.Operation;
import io.github.kvist.backend.Sweeping;
import io.github.kvist.backend.View;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * A store of typed tables over any backend that gives transactions branches of their own. Safe for any number of threads.
 *
 * <p>Tables are known by their definition; each {@link Table} object gets its own handle, so make tables constants.
 */
public final class TableStore implements KvStore {

    /** Beyond so many {@link Table} objects, handles are made anew: somebody defines a table in every call. */
    private static final int HANDLES_MAX = 10_000;

    /** The innermost write of each thread. One for all stores: a thread would remember each store that it ever asked. */
    private static final ThreadLocal<@Nullable Writing> WRITING = new ThreadLocal<>();

    private static final int DIFFERENCE = Spliterator.ORDERED | Spliterator.DISTINCT | Spliterator.NONNULL;

    private final Backend backend;
    private final Branching branching;
    private final Options options;
    private final TransactionOptions defaults;
    private final Definitions definitions;
    private final NewestViews newestViews;
    private final StoreAdmin admin;
    private final @Nullable ExpirySweep sweep;
    private final Past past;
    private final OpenSnapshots openSnapshots = new OpenSnapshots();
    private final Map<Table<?, ?>, StoreTable<?, ?>> handles = new ConcurrentHashMap<>();
    private final ReentrantLock completing = new ReentrantLock();
    private volatile boolean closed;

    /**
     * A store that owns {@code backend} and closes it.
     *
     * @throws KvException.Unsupported if the backend has no branches, or lacks a capability that {@code options} require; the
     *     message holds the whole list, and the backend stays open
     */
    public TableStore(Backend backend, Options options) {
        requireAll(backend, options);
        if (!(backend instanceof Branching branches)) {
            throw new KvException.Unsupported(backend.description()
                    + " gives transactions no branches (Branching), which typed tables need. Use another backend.");
        }
        this.backend = backend;
        this.branching = branches;
        this.options = options;
        this.defaults = TransactionOptions.defaults().durability(options.durability());
        this.definitions = new Definitions(backend);
        this.newestViews = new NewestViews(this);
        this.admin = new StoreAdmin(this, backend);
        this.past = new Past(backend, definitions);
        this.sweep = backend instanceof Sweeping sweeping && !options.isReadOnly()
                ? new ExpirySweep(sweeping, options.durability())
                : null;
        considerSweep();
    }

    /** To be called when a commit is visible. */
    void considerSweep() {
        if (sweep != null) {
            sweep.consider();
        }
    }

    /** Removes what is due now and returns how many records that were. */
    long sweep() {
        requireWritable();
        return sweep == null ? 0 : sweep.now();
    }

    private static void requireAll(Backend backend, Options options) {
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

    @Override
    public <R extends @Nullable Object> R read(Function<? super ReadTransaction, ? extends R> work) {
        try (ViewTransaction transaction = new ViewTransaction(this, newest(), false)) {
            return work.apply(transaction);
        }
    }

    @Override
    public <R extends @Nullable Object> R write(Function<? super WriteTransaction, ? extends R> work) {
        return write(defaults, work);
    }

    @Override
    public <R extends @Nullable Object> R write(
            TransactionOptions options, Function<? super WriteTransaction, ? extends R> work) {
        requireWritable();
        Done<R> done;
        Writing outer = WRITING.get();
        WRITING.set(new Writing(this, outer));
        try {
            done = branching.commit(resolved(options), branch -> run(branch, work));
        } finally {
            WRITING.set(outer);
        }
        done.transaction.committed();
        return done.result;
    }

    /** A write of this thread, and the one of another store that it is inside of. */
    private record Writing(TableStore store, @Nullable Writing outer) {}

    private record Done<R extends @Nullable Object>(BranchTransaction transaction, R result) {}

    private <R extends @Nullable Object> Done<R> run(
            Branch branch, Function<? super WriteTransaction, ? extends R> work) {
        BranchTransaction transaction = new BranchTransaction(this, branch, true);
        try {
            R result = work.apply(transaction);
            transaction.finish();
            return new Done<>(transaction, result);
        } catch (RuntimeException | Error failed) {
            transaction.abandon();
            throw failed;
        }
    }

    @Override
    public void update(Consumer<? super WriteTransaction> work) {
        this.<@Nullable Object>write(defaults, transaction -> {
            work.accept(transaction);
            return null;
        });
    }

    @Override
    public WriteTransaction begin() {
        return begin(defaults);
    }

    @Override
    public WriteTransaction begin(TransactionOptions options) {
        requireWritable();
        return new BranchTransaction(this, branching.begin(resolved(options)), false);
    }

    private TransactionOptions resolved(TransactionOptions given) {
        return given.durability() == null ? given.durability(options.durability()) : given;
    }

    @Override
    @SuppressWarnings("unchecked") // put in with the types of its table
    public <K, V> TableWriter<K, V> in(Table<K, V> table) {
        return (TableWriter<K, V>) handle(table);
    }

    /** How the table lies in the backend. */
    @SuppressWarnings("unchecked") // put in with the types of its table
    <K, V> TableSpace<K, V> space(Table<K, V> table) {
        return (TableSpace<K, V>) handle(table).space;
    }

    private StoreTable<?, ?> handle(Table<?, ?> table) {
        requireOpen();
        StoreTable<?, ?> present = handles.get(table);
        return present != null ? present : newHandle(table);
    }

    private <K, V> StoreTable<?, ?> newHandle(Table<K, V> table) {
        TableSpace<K, V> space = new TableSpace<>(table, definitions.know(table), backend);
        if (handles.size() >= HANDLES_MAX) {
            handles.clear();
        }
        StoreTable<?, ?> fresh = new StoreTable<>(this, space);
        StoreTable<?, ?> earlier = handles.putIfAbsent(table, fresh);
        return earlier == null ? fresh : earlier;
    }

    /** One space of each table that was used. */
    Collection<TableSpace<?, ?>> spaces() {
        Map<KnownTable, TableSpace<?, ?>> spaces = new HashMap<>();
        handles.values().forEach(handle -> spaces.put(handle.space.known(), handle.space));
        return spaces.values();
    }

    @Override
    public Snapshot snapshot() {
        return new ViewTransaction(this, newest(), true);
    }

    @Override
    public Stream<Change<?, ?>> diff(Snapshot from, Snapshot to) {
        requireOpen();
        Iterator<KeyChange> changes = diffing().diff(viewOf(from), viewOf(to), KeyspaceNames.RECORDS);
        TypedChanges types = new TypedChanges(definitions);
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(changes, DIFFERENCE), false)
                .map(change -> {
                    viewOf(from);
                    viewOf(to);
                    return types.typed(change);
                });
    }

    private View viewOf(Snapshot snapshot) {
        if (snapshot instanceof ViewTransaction view) {
            return view.viewOf(this);
        }
        throw new IllegalArgumentException(
                "The snapshot is of another store. Compare two snapshots of the store that is asked.");
    }

    private Diffing diffing() {
        if (backend instanceof Diffing diffing) {
            return diffing;
        }
        throw unsupported("differences of snapshots");
    }

    @Override
    public void merge(KvStore fork) {
        requireWritable();
        if (!(backend instanceof Forking forking)) {
            throw unsupported("forks");
        }
        if (!(Objects.requireNonNull(fork, "fork") instanceof TableStore other)) {
            throw new IllegalArgumentException(
                    "The store to be merged is not a fork of this one. Merge a store that Snapshot.fork of this store made.");
        }
        other.requireOpen();
        forking.merge(other.backend, defaults, new ForkMerge(forking, diffing(), definitions));
    }

    /** A place for a table that the program has not named; it stays unnamed. */
    TableSpace<byte[], byte[]> unnamed(String name, Definition definition) {
        Table<byte[], byte[]> table = UnnamedTables.of(name, definition);
        return new TableSpace<>(table, new KnownTable(table, Definition.of(table)), backend);
    }

    Images images() {
        if (backend instanceof Images images) {
            return images;
        }
        throw unsupported("images");
    }

    /** A live store in memory that begins with what the view shows. */
    KvStore fork(View view) {
        if (!(backend instanceof Forking forking)) {
            throw unsupported("forks");
        }
        Options own = Options.defaults().clock(options.clock()).durability(Durability.MEMORY);
        return new TableStore(forking.fork(view), own);
    }

    KvException.Unsupported unsupported(String what) {
        return new KvException.Unsupported(
                "The store at " + backend.description() + " has no " + what + "; its capabilities say what it can do.");
    }

    /** All tables that ever had a record, in the order of their names, those too that this program never named. */
    public List<StoredTable> tables() {
        try (View view = newest()) {
            return definitions.stored(view).stream()
                    .map(name -> StoredTable.of(name, Objects.requireNonNull(definitions.stored(view, name))))
                    .toList();
        }
    }

    @Override
    public Snapshot snapshotAt(long revision) {
        requireOpen();
        return new ViewTransaction(this, past.viewAt(revision), true);
    }

    @Override
    public Watch watch(WatchOptions options) {
        requireOpen();
        Table<?, ?> table = options.table();
        return table == null ? past.watchAll(options) : past.watch(space(table), options);
    }

    @Override
    public long revision() {
        requireOpen();
        return backend.revision();
    }

    @Override
    public Capabilities capabilities() {
        requireOpen();
        return backend.capabilities();
    }

    @Override
    public Admin admin() {
        requireOpen();
        return admin;
    }

    @Override
    public void close() {
        if (isWriting()) {
            throw new IllegalStateException(
                    "This thread is inside write or update of this store. Close it after the closure has returned.");
        }
        closed = true;
        if (sweep != null) {
            sweep.close();
        }
        newestViews.close();
        backend.close();
    }

    Definitions definitions() {
        return definitions;
    }

    OpenSnapshots openSnapshots() {
        return openSnapshots;
    }

    NewestViews newestViews() {
        return newestViews;
    }

    /** Held while indexes are completed for one view, which is rare. */
    ReentrantLock completing() {
        return completing;
    }

    View newest() {
        requireOpen();
        return backend.view();
    }

    /** One commit in one call, with the durability of the store. */
    boolean commit(List<Condition> conditions, List<Operation> operations) {
        requireWritable();
        boolean holds = backend.commit(new Commit(conditions, operations, options.durability()));
        considerSweep();
        return holds;
    }

    /**
     * Builds what the newest commit lacks of the table's indexes, in a transaction of its own.
     *
     * @return false if this store, or this thread at this moment, cannot write
     */
    boolean buildDurably(TableSpace<?, ?> space) {
        if (options.isReadOnly() || isWriting()) {
            return false;
        }
        branching.<@Nullable Object>commit(defaults, branch -> {
            definitions.makeReadable(branch, space);
            return null;
        });
        return true;
    }

    /** A view of the same state as {@code view} in which the indexes of the table are complete; closing it closes both. */
    View completed(View view, TableSpace<?, ?> space) {
        Branch scratch = branching.scratch(view);
        try {
            definitions.makeReadable(scratch, space);
        } catch (RuntimeException | Error failed) {
            scratch.close();
            throw failed;
        }
        return new CompletedView(scratch, view);
    }

    /** The instant by which a write that begins now judges deadlines. */
    long now() {
        return backend.now();
    }

    void requireOpen() {
        if (closed) {
            throw new KvException.Closed("The store at " + backend.description() + " was closed. Open it again.");
        }
    }

    /** Lets a write of its own begin on this thread. */
    void requireWritable() {
        requireOpen();
        requireNotReadOnly();
        if (isWriting()) {
            throw new IllegalStateException(
                    "This thread is inside write or update of this store, and a write inside a write "
                            + "would wait for itself. Use the transaction that the closure was given.");
        }
    }

    void requireNotReadOnly() {
        if (options.isReadOnly()) {
            throw new KvException.Unsupported("The store at " + backend.description()
                    + " was opened read-only. Open it without Options.readOnly() to write.");
        }
    }

    boolean isReadOnly() {
        return options.isReadOnly();
    }

    private boolean isWriting() {
        Writing write = WRITING.get();
        while (write != null && write.store != this) {
            write = write.outer;
        }
        return write != null;
    }

    @Override
    public String toString() {
        return "Kvist store at " + backend.description();
    }
}
