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
import io.github.kvist.api.TransactionOptions;
import io.github.kvist.backend.Backend;
import io.github.kvist.backend.Branch;
import io.github.kvist.backend.Branching;
import io.github.kvist.backend.Commit;
import io.github.kvist.backend.Diffing;
import io.github.kvist.backend.KeyChange;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Maintenance;
import io.github.kvist.backend.Storage;
import io.github.kvist.backend.View;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The built-in backend: every keyspace is a persistent radix tree in the heap, a {@link Storage} keeps the log and the
 * checkpoints. Safe for any number of threads; reads take no lock and do no I/O.
 */
public final class Engine implements Backend, Branching, Diffing, Maintenance {

    private static final Capabilities CAPABILITIES = new Capabilities(
            Map.of(
                    Capability.ORDERED_SCAN, Support.NATIVE,
                    Capability.MULTI_KEY_TRANSACTIONS, Support.NATIVE,
                    Capability.SERIALIZABLE, Support.NATIVE,
                    Capability.COMPARE_AND_SET, Support.NATIVE,
                    Capability.SNAPSHOT_READS, Support.NATIVE,
                    Capability.SAVEPOINTS, Support.NATIVE),
            StoreLimits.LIMITS);

    private final Storage storage;
    private final Options options;
    private final Keyspaces keyspaces;
    private final Committer committer;
    private final Checkpointer checkpointer;
    private final RecoveryReport recovery;

    private Engine(Storage storage, Options options, Recovered recovered) {
        this.storage = storage;
        this.options = options;
        this.keyspaces = recovered.keyspaces();
        this.committer = new Committer(keyspaces, options.clock(), recovered, storage, this::committed);
        this.checkpointer = new Checkpointer(storage, committer, options.checkpointAfter());
        this.recovery = storage.keeps() ? storage.recovery() : RecoveryReport.nothing();
    }

    /**
     * Opens the storage and brings back what it keeps: the newest checkpoint, and the log after it.
     *
     * @throws KvException as {@link Storage#open} and {@link Storage#replay}; the storage is closed then
     */
    public static Engine open(Storage storage, Options options) {
        try {
            storage.open(options.recovery(), options.isReadOnly());
            return new Engine(storage, options, Recovered.from(storage));
        } catch (Throwable failed) {
            closeAfter(failed, storage);
            throw failed;
        }
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
        return new EngineView(keyspaces, committer.visible());
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
        Root root = ((EngineView) view).root();
        return new EngineBranch(committer, keyspaces, root, Isolation.SNAPSHOT, Durability.MEMORY, true);
    }

    @Override
    public Iterator<KeyChange> diff(View from, View to, String prefix) {
        return new RootDiff(keyspaces, prefix, rootOf(from), rootOf(to));
    }

    private Root rootOf(View view) {
        if (view instanceof EngineView ours && ours.keyspaces() == keyspaces) {
            return ours.root();
        }
        throw new IllegalArgumentException("A view of another store cannot be compared with one of "
                + storage.description() + ". Take both from the same store.");
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
        checkpointer.run();
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
        if (storage.keeps()) {
            findings.addAll(checkpointer.verify());
        }
        return findings;
    }

    @Override
    public void close() {
        Root last;
        try {
            last = committer.close();
        } catch (Throwable failed) {
            checkpointer.close(null);
            closeAfter(failed, storage);
            throw failed;
        }
        if (last != null) {
            checkpointer.close(options.isReadOnly() || !storage.keeps() ? null : last);
            storage.close();
        }
    }

    private void committed() {
        checkpointer.consider();
    }

    private EngineBranch branch(TransactionOptions transaction) {
        Durability durability = transaction.durability();
        return new EngineBranch(
                committer,
                keyspaces,
                committer.visible(),
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
