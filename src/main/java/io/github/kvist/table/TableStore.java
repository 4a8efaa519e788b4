// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.api.Admin;
import io.github.kvist.api.Capabilities;
import io.github.kvist.api.Change;
import io.github.kvist.api.Durability;
import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.Outcome;
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
import io.github.kvist.backend.Describing;
import io.github.kvist.backend.FileSystem;
import io.github.kvist.backend.Forking;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Operation;
import io.github.kvist.backend.Outcomes;
import io.github.kvist.backend.Stored;
import io.github.kvist.backend.Sweeping;
import io.github.kvist.backend.View;
import io.github.kvist.optimistic.Optimistic;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A store of typed tables over any backend. Safe for any number of threads.
 *
 * <p>Tables are known by their definition; each {@link Table} object gets its own handle, so make tables constants.
 */
public final class TableStore implements KvStore {

    /** Beyond so many {@link Table} objects, handles are made anew: somebody defines a table in every call. */
    private static final int HANDLES_MAX = 10_000;

    private final Backend backend;
    private final Branching branching;
    private final Options options;
    private final Function<Path, FileSystem> directories;
    private final TransactionOptions defaults;
    private final Definitions definitions;
    private final Seams seams;
    private final @Nullable SharedDefinitions shared;
    private final ConsistentReads reads;
    private final IndexCompletion indexCompletion;
    private final NewestViews newestViews;
    private final StoreAdmin admin;
    private final @Nullable ExpirySweep sweep;
    private final Fence fence;
    private final Past past;
    private final OpenSnapshots openSnapshots = new OpenSnapshots();
    private final Map<Table<?, ?>, StoreTable<?, ?>> handles = new ConcurrentHashMap<>();
    private final ReentrantLock closing = new ReentrantLock();
    private volatile boolean closed;

    /**
     * A store that owns {@code backend} and closes it.
     *
     * @param directories the files of a directory, where backups are to be
     * @throws KvException.Unsupported if the backend lacks a capability that {@code options} require; the message holds the whole
     *     list, and the backend stays open
     */
    public TableStore(Backend backend, Options options, Function<Path, FileSystem> directories) {
        this(backend, options, directories, Map.of());
        if (!options.isReadOnly()) {
            fence.look();
        }
    }

    private TableStore(
            Backend backend,
            Options options,
            Function<Path, FileSystem> directories,
            Map<String, KnownTable> ofOrigin) {
        Seams.requireAll(backend, options);
        this.backend = backend;
        this.branching = backend instanceof Branching own ? own : new Optimistic(backend, options.durability());
        this.options = options;
        this.directories = directories;
        this.defaults = TransactionOptions.defaults().durability(options.durability());
        this.fence = new Fence(backend);
        this.definitions = new Definitions(backend, ofOrigin, fence);
        this.seams = new Seams(backend);
        this.shared = backend.isShared()
                ? new SharedDefinitions(
                        branching, definitions, defaults, backend instanceof Describing describing ? describing : null)
                : null;
        this.reads = new ConsistentReads(!seams.hasSnapshots());
        this.indexCompletion = new IndexCompletion(this, branching, definitions, defaults);
        this.newestViews = new NewestViews(this, indexCompletion);
        this.admin = new StoreAdmin(this, backend, directories);
        this.past = new Past(seams, definitions);
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

    /** As {@link Admin#dropIndex}. */
    void dropIndex(String table, String index) {
        requireWritable();
        KnownTable given = definitions.known(table);
        if (given != null && given.definition().index(index) != null) {
            throw new IllegalStateException(
                    "This store was given table " + table + " with the index " + index
                            + ", which the next write would build again. Drop it in a program that defines the table without it.");
        }
        if (shared != null) {
            shared.drop(table, index);
            return;
        }
        branching.<@Nullable Object>commit(defaults, branch -> {
            definitions.drop(branch, table, List.of(index));
            branch.deleteRange(backend.keyspace(KeyspaceNames.index(table, index)), Bounds.ALL.from(), null);
            return null;
        });
    }

    /** Removes what is due now and returns how many records that were. */
    long sweep() {
        requireWritable();
        long swept = sweep == null ? 0 : sweep.now();
        considerSweep();
        return swept;
    }

    @Override
    public <R extends @Nullable Object> R read(Function<? super ReadTransaction, ? extends R> work) {
        return reads.<R>run(() -> {
            try (ViewTransaction transaction = new ViewTransaction(this, newest(), false)) {
                return work.apply(transaction);
            }
        });
    }

    /** Reads that may be run again until they fit together. */
    ConsistentReads reads() {
        return reads;
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
        int[] runs = new int[1];
        Writing writing = Writing.begin(this); // nothing may come between this and its end
        try {
            done = branching.commit(resolved(options), branch -> run(branch, runs[0]++ > 0, work));
        } finally {
            writing.end();
        }
        done.transaction.committed();
        return done.result;
    }

    private record Done<R extends @Nullable Object>(BranchTransaction transaction, R result) {}

    private <R extends @Nullable Object> Done<R> run(
            Branch branch, boolean isRerun, Function<? super WriteTransaction, ? extends R> work) {
        BranchTransaction transaction = new BranchTransaction(this, branch, true, isRerun);
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
        return new BranchTransaction(this, branching.begin(resolved(options)), false, false);
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
        requireOpen();
        seams.requireSnapshots();
        return new ViewTransaction(this, newest(), true);
    }

    @Override
    public Stream<Change<?, ?>> diff(Snapshot from, Snapshot to) {
        requireOpen();
        return past.diff(this, from, to);
    }

    @Override
    public Outcome outcome(String transactionId) {
        requireOpen();
        Objects.requireNonNull(transactionId, "transactionId");
        return backend instanceof Outcomes outcomes ? outcomes.outcome(transactionId) : Outcome.UNKNOWN;
    }

    @Override
    public void merge(KvStore fork) {
        requireWritable();
        Forking forking = seams.forking();
        if (!(Objects.requireNonNull(fork, "fork") instanceof TableStore other)) {
            throw new IllegalArgumentException(
                    "The store to be merged is not a fork of this one. Merge a store that Snapshot.fork of this store made.");
        }
        other.requireOpen();
        forking.merge(other.backend, defaults, new ForkMerge(forking, seams.diffing(), definitions));
    }

    /** A place for a table that the program has not named; it stays unnamed. */
    TableSpace<byte[], byte[]> unnamed(String name, Definition definition) {
        Table<byte[], byte[]> table = UnnamedTables.of(name, definition);
        return new TableSpace<>(table, new KnownTable(table, Definition.of(table)), backend);
    }

    /** A live store in memory that begins with what the view shows. */
    KvStore fork(View view) {
        Forking forking = seams.forking();
        Options own = Options.defaults().clock(options.clock()).durability(Durability.MEMORY);
        return new TableStore(forking.fork(view), own, directories, definitions.forFork());
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

    /** What it lies in, for those who move all of it; the store stays its owner. */
    public Backend backend() {
        requireOpen();
        return backend;
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
        if (Writing.isIn(this)) {
            throw new IllegalStateException(
                    "This thread is inside write or update of this store. Close it after the closure has returned.");
        }
        closed = true;
        // Who closes it a second time also has to wait until it is closed: he may open it again at once.
        closing.lock();
        try {
            closeAll();
        } finally {
            closing.unlock();
        }
    }

    /** The backend also when memory runs out on the way: nobody else could open it. */
    private void closeAll() {
        try {
            if (sweep != null) {
                sweep.close();
            }
            newestViews.close();
        } finally {
            backend.close();
        }
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

    IndexCompletion indexCompletion() {
        return indexCompletion;
    }

    Seams seams() {
        return seams;
    }

    View newest() {
        requireOpen();
        return backend.view();
    }

    /** The newest entry under a key. */
    @Nullable
    Stored get(Keyspace keyspace, byte[] key) {
        requireOpen();
        return backend.get(keyspace, key);
    }

    /** The definitions of a system that other processes write to; {@code null} if there are no others. */
    @Nullable
    SharedDefinitions shared() {
        return shared;
    }

    /** One commit in one call, with the durability of the store. */
    boolean commit(List<Condition> conditions, List<Operation> operations) {
        requireWritable();
        long revision = backend.commit(new Commit(conditions, operations, options.durability()));
        considerSweep();
        return revision != Commit.REFUSED;
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
        if (Writing.isIn(this)) {
            throw new IllegalStateException(
                    "This thread is inside write or update of this store, and a write inside a write "
                            + "would wait for itself. Use the transaction that the closure was given.");
        }
        fence.requireDown();
    }

    /** What refuses writes if the data have moved to another store. */
    public Fence fence() {
        requireOpen();
        return fence;
    }

    /** Lets what was begun be committed. */
    void requireNotMoved() {
        fence.requireDown();
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

    @Override
    public String toString() {
        return "Kvist store at " + backend.description();
    }
}
