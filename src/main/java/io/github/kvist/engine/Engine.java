// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import io.github.kvist.api.Capabilities;
import io.github.kvist.api.Durability;
import io.github.kvist.api.Finding;
import io.github.kvist.api.Isolation;
import io.github.kvist.api.KvException;
import io.github.kvist.api.Options;
import io.github.kvist.api.ProgressListener;
import io.github.kvist.api.RecoveryReport;
import io.github.kvist.api.TransactionOptions;
import io.github.kvist.backend.Backend;
import io.github.kvist.backend.Branch;
import io.github.kvist.backend.Branching;
import io.github.kvist.backend.ChangeFeed;
import io.github.kvist.backend.Commit;
import io.github.kvist.backend.Diffing;
import io.github.kvist.backend.Feed;
import io.github.kvist.backend.Figures;
import io.github.kvist.backend.Forking;
import io.github.kvist.backend.History;
import io.github.kvist.backend.Images;
import io.github.kvist.backend.KeyChange;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Maintenance;
import io.github.kvist.backend.Measured;
import io.github.kvist.backend.Stamping;
import io.github.kvist.backend.Storage;
import io.github.kvist.backend.Stored;
import io.github.kvist.backend.Sweeping;
import io.github.kvist.backend.View;
import io.github.kvist.backend.memory.MemoryStorage;
import io.github.kvist.checkpoint.CheckpointWriter;
import io.github.kvist.checkpoint.Image;
import io.github.kvist.checkpoint.ImageReader;
import io.github.kvist.tree.RadixTree;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The built-in backend: every keyspace is a persistent radix tree in the heap, a {@link Storage} keeps the log and the
 * checkpoints. Safe for any number of threads; reads take no lock and do no I/O.
 */
public final class Engine
        implements Backend,
                Branching,
                ChangeFeed,
                Diffing,
                Forking,
                History,
                Images,
                Maintenance,
                Measured,
                Stamping,
                Sweeping {

    private final Storage storage;
    private final Options options;
    private final Keyspaces keyspaces;
    private final Instants instants;
    private final Revisions revisions;
    private final Head head;
    private final EngineViews views;
    private final Committer committer;
    private final Dispatcher dispatcher;
    /** Missing where nothing is kept. */
    private final @Nullable Checkpointer checkpointer;

    private final Inspection inspection;
    private final RecoveryReport recovery;
    /** Of a fork, where it left its origin. */
    private final @Nullable ForkPoint forkPoint;

    private Engine(
            Storage storage,
            Options options,
            Keyspaces keyspaces,
            Revisions revisions,
            AtomicLong versions,
            Instants instants,
            @Nullable ForkPoint forkPoint) {
        this.storage = storage;
        this.options = options;
        this.keyspaces = keyspaces;
        this.instants = instants;
        this.revisions = revisions;
        this.head = new Head(revisions, versions, MemoryLimit.of(options, revisions), storage);
        this.views = new EngineViews(storage, keyspaces, instants, revisions, head);
        this.committer = new Committer(keyspaces, instants, revisions, head, this::committed);
        this.dispatcher = new Dispatcher(head, revisions, keyspaces);
        this.checkpointer =
                storage.keeps() ? new Checkpointer(storage, head, committer, options.checkpointAfter()) : null;
        this.inspection = new Inspection(keyspaces, instants, revisions, head, dispatcher, checkpointer);
        this.recovery = storage.keeps() ? storage.recovery() : RecoveryReport.nothing();
        this.forkPoint = forkPoint;
    }

    /**
     * Opens the storage and brings back what it keeps: the newest checkpoint, and the log after it.
     *
     * @throws KvException as {@link Storage#open} and {@link Storage#replay}; the storage is closed then
     */
    public static Engine open(Storage storage, Options options) {
        try {
            Recovered recovered = Recovered.open(storage, options);
            return new Engine(
                    storage,
                    options,
                    recovered.keyspaces(),
                    recovered.revisions(),
                    new AtomicLong(recovered.versions()),
                    new Instants(options.clock(), recovered.revisions().newest().millis),
                    null);
        } catch (Throwable failed) {
            closeAfter(failed, storage);
            throw failed;
        }
    }

    /** A store in memory that begins with {@code image}. */
    public static Engine holding(Image image, Options options) {
        Root root = new Root(image.revision(), image.millis(), image.trees().toArray(new RadixTree[0]), false);
        Keyspaces keyspaces = new Keyspaces();
        keyspaces.load(root.tree(Keyspaces.CATALOGUE));
        return new Engine(
                new MemoryStorage(),
                options,
                keyspaces,
                new Revisions(MemoryLimit.history(options), root),
                new AtomicLong(image.versions()),
                new Instants(options.clock(), root.millis),
                null);
    }

    private static void closeAfter(Throwable failed, Storage storage) {
        try {
            storage.close();
        } catch (RuntimeException | Error second) {
            failed.addSuppressed(second);
        }
    }

    @Override
    public Keyspace keyspace(String name) {
        return keyspaces.named(name);
    }

    /** The names of all keyspaces that were written to or asked for. */
    public List<String> keyspaces() {
        return keyspaces.names();
    }

    @Override
    public View view() {
        return views.of(head.visible());
    }

    @Override
    public long now() {
        return instants.now();
    }

    @Override
    public long earliestDeadline() {
        return head.visible().deadline;
    }

    @Override
    public long sweep(Predicate<String> counted, Durability durability) {
        checkWritable();
        return committer.sweep(counted, durability);
    }

    @Override
    public long commit(Commit commit) {
        checkWritable();
        return committer.commit(commit);
    }

    @Override
    public long newVersion() {
        return committer.nextVersion();
    }

    /** Outlives the process as soon as something is written with the next stamp. */
    @Override
    public void newVersionsAbove(long version) {
        head.versions().accumulateAndGet(version, Math::max);
    }

    @Override
    public Branch begin(TransactionOptions transaction) {
        checkWritable();
        return branch(transaction);
    }

    @Override
    public <R extends @Nullable Object> R commit(
            TransactionOptions transaction, Function<? super Branch, ? extends R> work) {
        checkWritable();
        return new Attempts(committer, transaction).run(() -> branch(transaction), work);
    }

    @Override
    public Branch scratch(View view) {
        EngineView base = (EngineView) view;
        return new EngineBranch(
                committer, keyspaces, base.root(), base.instant(), Isolation.SNAPSHOT, Durability.MEMORY, true);
    }

    /** A fork shares the numbers of keyspaces, the stamps of versions and the time with its origin, so that it can come back. */
    @Override
    public Backend fork(View view) {
        Root root = views.ours(view).root();
        Options own = Options.defaults()
                .clock(options.clock())
                .durability(Durability.MEMORY)
                .maxBytes(options.maxBytes());
        return new Engine(
                new MemoryStorage(),
                own,
                keyspaces,
                new Revisions(MemoryLimit.history(own), root),
                head.versions(),
                instants,
                new ForkPoint(committer, root));
    }

    @Override
    public void merge(Backend fork, TransactionOptions transaction, MergeWork work) {
        ForkPoint point = fork instanceof Engine engine ? engine.forkPoint : null;
        if (point == null || !point.isOn(committer)) {
            throw new IllegalArgumentException(fork.description()
                    + " is not a fork of this store. Merge a store that Snapshot.fork of this store made.");
        }
        checkWritable();
        point.merge(((Engine) fork).head.visible(), (base, changed) -> {
            new Attempts(committer, transaction).<@Nullable Object>run(() -> branch(transaction), branch -> {
                Root here = ((EngineBranch) branch).draft().base();
                work.merge(branch, views.of(here), views.of(base), views.of(changed));
                return null;
            });
        });
    }

    @Override
    public void copy(Branch branch, Keyspace keyspace, byte[] key, Stored entry) {
        ((EngineBranch) branch).copy(keyspace, key, entry);
    }

    @Override
    public void write(View view, OutputStream target, ProgressListener listener) {
        // Read after the view was taken, so that it covers every stamp inside.
        EngineView judged = views.ours(view);
        CheckpointWriter.write(judged.root().image(head.versions().get(), judged.instant()), target, listener);
    }

    @Override
    public void verify(InputStream image, String where, LongConsumer entries) {
        ImageReader.verify(image, where, entries);
    }

    @Override
    public void restore(InputStream image, String where, RestoreCheck check) {
        head.visible();
        checkWritable();
        Replacement replacement = new Replacement(keyspaces, ImageReader.read(image, where), check, where);
        if (checkpointer != null) {
            checkpointer.replace(replacement);
        } else {
            committer.replace(replacement, root -> {});
        }
        dispatcher.wake();
    }

    @Override
    public View viewAt(long revision) {
        return views.at(revision);
    }

    @Override
    public long oldestRevision() {
        return views.oldestRevision();
    }

    @Override
    public long historyBytes() {
        return revisions.bytes();
    }

    @Override
    public Feed follow(Scope scope, OptionalLong after, int buffer) {
        return dispatcher.follow(scope, after, buffer);
    }

    @Override
    public Iterator<KeyChange> diff(View from, View to, String prefix) {
        return new RootDiff(keyspaces, prefix, views.ours(from), views.ours(to));
    }

    @Override
    public long revision() {
        return head.visible().revision;
    }

    /** The newest commit that was applied, whether durable or not; ahead of {@link #revision} while the log is written. */
    long appliedRevision() {
        return head.appliedRevision();
    }

    @Override
    public Capabilities capabilities() {
        return EngineCapabilities.ALL;
    }

    @Override
    public String description() {
        return storage.description();
    }

    @Override
    public RecoveryReport recovery() {
        return recovery;
    }

    @Override
    public void checkpoint() {
        head.visible();
        checkWritable();
        if (checkpointer != null) {
            checkpointer.run();
        }
    }

    @Override
    public List<Finding> verify() {
        return inspection.verify();
    }

    @Override
    public Figures figures() {
        return inspection.figures();
    }

    @Override
    public void close() {
        Root last;
        try {
            sweepLast();
            last = head.close();
            dispatcher.close();
        } catch (Throwable failed) {
            try {
                dispatcher.close();
                closeCheckpointer(null);
            } finally {
                closeAfter(failed, storage);
            }
            throw failed;
        }
        if (last != null) {
            try {
                closeCheckpointer(options.isReadOnly() ? null : last);
            } finally {
                storage.close();
            }
        }
    }

    private void closeCheckpointer(@Nullable Root last) {
        if (checkpointer != null) {
            checkpointer.close(last);
        }
    }

    /**
     * What was gone in a view must be gone when the store is opened again, though the clock may have gone back: the log tells
     * by what instant it was swept.
     */
    private void sweepLast() {
        if (options.isReadOnly() || !storage.keeps()) {
            return;
        }
        try {
            committer.sweep(name -> false, options.durability());
        } catch (KvException notNow) {
            // Closed before, or the log cannot be written: then whoever wrote last has been told.
            System.getLogger(Engine.class.getName())
                    .log(System.Logger.Level.DEBUG, "No last sweep: " + notNow.getMessage());
        } catch (RuntimeException | Error failed) {
            // Such as a clock that throws: no reason to leave commits behind that nobody waited for.
            System.getLogger(Engine.class.getName()).log(System.Logger.Level.WARNING, "No last sweep.", failed);
        }
    }

    private void committed() {
        dispatcher.wake();
        if (checkpointer != null) {
            checkpointer.consider();
        }
    }

    private EngineBranch branch(TransactionOptions transaction) {
        Durability durability = transaction.durability();
        return new EngineBranch(
                committer,
                keyspaces,
                head.visible(),
                instants.now(),
                transaction.isolation(),
                durability == null ? options.durability() : durability,
                false);
    }

    private void checkWritable() {
        if (options.isReadOnly()) {
            throw new KvException.Unsupported(
                    storage.description() + " was opened read-only. Open it without Options.readOnly to write.");
        }
    }
}
