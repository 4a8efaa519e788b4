// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import io.github.kvist.api.Capabilities;
import io.github.kvist.api.Capabilities.Support;
import io.github.kvist.api.Capability;
import io.github.kvist.api.Durability;
import io.github.kvist.api.Finding;
import io.github.kvist.api.Isolation;
import io.github.kvist.api.KvException;
import io.github.kvist.api.Options;
import io.github.kvist.api.RecoveryReport;
import io.github.kvist.api.Stats;
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
import io.github.kvist.backend.Storage;
import io.github.kvist.backend.Stored;
import io.github.kvist.backend.Sweeping;
import io.github.kvist.backend.View;
import io.github.kvist.backend.memory.MemoryStorage;
import io.github.kvist.checkpoint.CheckpointWriter;
import io.github.kvist.checkpoint.ImageReader;
import io.github.kvist.event.Flight;
import io.github.kvist.event.RecoveryEvent;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The built-in backend: every keyspace is a persistent radix tree in the heap, a {@link Storage} keeps the log and the
 * checkpoints. Safe for any number of threads; reads take no lock and do no I/O.
 */
public final class Engine
        implements Backend, Branching, ChangeFeed, Diffing, Forking, History, Images, Maintenance, Measured, Sweeping {

    private static final Capabilities CAPABILITIES = new Capabilities(
            natively(
                    Capability.ORDERED_SCAN,
                    Capability.MULTI_KEY_TRANSACTIONS,
                    Capability.SERIALIZABLE,
                    Capability.COMPARE_AND_SET,
                    Capability.EXPIRY,
                    Capability.WATCH,
                    Capability.WATCH_RESUME,
                    Capability.SNAPSHOT_READS,
                    Capability.SAVEPOINTS,
                    Capability.HISTORY,
                    Capability.DIFF,
                    Capability.FORK,
                    Capability.IMAGES),
            StoreLimits.LIMITS);

    private final Storage storage;
    private final Options options;
    private final Keyspaces keyspaces;
    private final Committer committer;
    private final Revisions revisions;
    private final Dispatcher dispatcher;
    /** Missing where nothing is kept. */
    private final @Nullable Checkpointer checkpointer;

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
        this.revisions = revisions;
        this.committer = new Committer(
                keyspaces, instants, revisions, versions, MemoryLimit.of(options, revisions), storage, this::committed);
        this.dispatcher = new Dispatcher(committer, revisions, keyspaces);
        this.checkpointer = storage.keeps() ? new Checkpointer(storage, committer, options.checkpointAfter()) : null;
        this.recovery = storage.keeps() ? storage.recovery() : RecoveryReport.nothing();
        this.forkPoint = forkPoint;
    }

    private static Map<Capability, Support> natively(Capability... capabilities) {
        Map<Capability, Support> all = new EnumMap<>(Capability.class);
        for (Capability capability : capabilities) {
            all.put(capability, Support.NATIVE);
        }
        return all;
    }

    /**
     * Opens the storage and brings back what it keeps: the newest checkpoint, and the log after it.
     *
     * @throws KvException as {@link Storage#open} and {@link Storage#replay}; the storage is closed then
     */
    public static Engine open(Storage storage, Options options) {
        RecoveryEvent event = Flight.isOn() ? RecoveryEvent.started() : null;
        try {
            storage.open(options.recovery(), options.isReadOnly());
            Recovered recovered = Recovered.from(storage, MemoryLimit.history(options));
            if (event != null) {
                record(event, storage.recovery(), recovered.revisions().newest());
            }
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

    private static void record(RecoveryEvent event, RecoveryReport report, Root root) {
        event.ended(root.revision, report.clean(), report.framesReplayed(), report.bytesCut());
    }

    private static void closeAfter(Throwable failed, Storage storage) {
        try {
            storage.close();
        } catch (RuntimeException second) {
            failed.addSuppressed(second);
        }
    }

    @Override
    public Keyspace keyspace(String name) {
        return keyspaces.named(name);
    }

    @Override
    public View view() {
        return view(committer.visible());
    }

    @Override
    public long now() {
        return committer.instants().now();
    }

    @Override
    public long earliestDeadline() {
        return committer.visible().deadline;
    }

    @Override
    public long sweep(Predicate<String> counted, Durability durability) {
        checkWritable();
        return committer.sweep(counted, durability);
    }

    @Override
    public boolean commit(Commit commit) {
        checkWritable();
        return committer.commit(commit);
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
        Root root = rootOf(view);
        Options own = Options.defaults()
                .clock(options.clock())
                .durability(Durability.MEMORY)
                .maxBytes(options.maxBytes());
        return new Engine(
                new MemoryStorage(),
                own,
                keyspaces,
                new Revisions(MemoryLimit.history(own), root),
                committer.versions(),
                committer.instants(),
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
        point.merge(((Engine) fork).committer.visible(), (base, changed) -> {
            new Attempts(committer, transaction).<@Nullable Object>run(() -> branch(transaction), branch -> {
                Root here = ((EngineBranch) branch).draft().base();
                work.merge(branch, view(here), view(base), view(changed));
                return null;
            });
        });
    }

    @Override
    public void copy(Branch branch, Keyspace keyspace, byte[] key, Stored entry) {
        ((EngineBranch) branch).copy(keyspace, key, entry);
    }

    @Override
    public void write(View view, OutputStream target) {
        // Read after the view was taken, so that it covers every stamp inside.
        EngineView judged = ours(view);
        CheckpointWriter.write(judged.root().image(committer.versions().get(), judged.instant()), target);
    }

    @Override
    public void verify(InputStream image, String where) {
        ImageReader.verify(image, where);
    }

    @Override
    public void restore(InputStream image, String where, RestoreCheck check) {
        committer.visible();
        checkWritable();
        Replacement replacement = new Replacement(keyspaces, ImageReader.read(image, where), check, where);
        if (checkpointer != null) {
            checkpointer.replace(replacement);
        } else {
            committer.replace(replacement, root -> {});
        }
        dispatcher.wake();
    }

    private View view(Root root) {
        return new EngineView(keyspaces, root, committer.instants().of(root));
    }

    @Override
    public View viewAt(long revision) {
        Root visible = committer.visible();
        if (revision < 0 || revision > visible.revision) {
            throw new IllegalArgumentException("There is no revision " + revision + " yet: the newest is "
                    + visible.revision + ". Ask for that or an earlier one.");
        }
        if (revision == visible.revision) {
            return view(visible);
        }
        long oldest = revisions.oldestReadable(visible, committer.instants().unrecorded());
        Root root = revision < oldest ? null : revisions.at(revision);
        if (root == null) {
            throw new KvException.Trimmed("Revision " + revision + " is no longer kept; the oldest that is is " + oldest
                    + ". Keep more of the past with Options.history.");
        }
        return view(root);
    }

    @Override
    public long oldestRevision() {
        return revisions.oldestReadable(
                committer.visible(), committer.instants().unrecorded());
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
        return new RootDiff(keyspaces, prefix, ours(from), ours(to));
    }

    private Root rootOf(View view) {
        return ours(view).root();
    }

    private EngineView ours(View view) {
        if (view instanceof EngineView ours && ours.keyspaces() == keyspaces) {
            return ours;
        }
        throw new IllegalArgumentException("The view is of another store and not of the one at " + storage.description()
                + ". Take it from there.");
    }

    @Override
    public long revision() {
        return committer.visible().revision;
    }

    /** The newest commit that was applied, whether durable or not; ahead of {@link #revision} while the log is written. */
    long appliedRevision() {
        return committer.appliedRevision();
    }

    @Override
    public Capabilities capabilities() {
        return CAPABILITIES;
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
        committer.visible();
        checkWritable();
        if (checkpointer != null) {
            checkpointer.run();
        }
    }

    @Override
    public List<Finding> verify() {
        Root root = committer.visible();
        List<Finding> findings = new ArrayList<>();
        for (int keyspace = 0; keyspace < root.trees(); keyspace++) {
            try {
                root.tree(keyspace).check();
            } catch (IllegalStateException broken) {
                findings.add(new Finding(
                        "the tree of " + keyspaces.numbered(keyspace).name(), String.valueOf(broken.getMessage())));
            }
        }
        if (checkpointer != null) {
            findings.addAll(checkpointer.verify());
        }
        return findings;
    }

    @Override
    public Figures figures() {
        Root root = committer.visible();
        Stats.Disk disk = checkpointer == null ? Stats.Disk.NONE : checkpointer.disk(root);
        return new EngineFigures(keyspaces, root, committer.instants().unrecorded())
                .figures(memory(root), disk, committer.appends(), committer.count(), dispatcher.stats());
    }

    private Stats.Memory memory(Root root) {
        return new Stats.Memory(
                root.bytes(),
                Footprint.of(root),
                revisions.bytes(),
                committer.limit().maxBytes());
    }

    @Override
    public void close() {
        Root last;
        try {
            sweepLast();
            last = committer.close();
            dispatcher.close();
        } catch (Throwable failed) {
            dispatcher.close();
            closeCheckpointer(null);
            closeAfter(failed, storage);
            throw failed;
        }
        if (last != null) {
            closeCheckpointer(options.isReadOnly() ? null : last);
            storage.close();
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
                committer.visible(),
                committer.instants().now(),
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
