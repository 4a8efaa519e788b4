// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.migrate.CutOver;
import io.github.kvist.migrate.Migration;
import io.github.kvist.migrate.Mirror;
import io.github.kvist.migrate.Phase;
import io.github.kvist.migrate.Progress;
import io.github.kvist.migrate.Verification;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Moves everything from one store to another. */
@Command(
        name = "migrate",
        header = {"Moves everything in a store to another one.", ""},
        description = {
            "Copies everything in a store (records, indexes, versions, deadlines) to another one of any kind, which has to be "
                    + "empty, compares both, and closes the source for writes. Other programs may use a source on the "
                    + "network meanwhile: what they write is moved too, until they are told that the data have moved.",
            "Ended before its end, the same command goes on where it was."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  kvist migrate data/app redis://localhost:6379/?prefix=app",
            "  kvist migrate data/app data/copy --copy-only   the source stays open for writes",
            "  kvist migrate data/app --take-back             the source is written to again after all",
        })
final class MigrateCommand extends Verb {

    @Parameters(index = "0", paramLabel = "FROM", description = "A directory, or a URI such as file:some/dir.")
    private @Nullable String source;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "TO",
            description = "Likewise. A directory is made if it is not there.")
    private @Nullable String target;

    @Option(names = "--copy-only", description = "Leave the source open for writes: the target is a copy of it.")
    private boolean isCopy;

    @Option(
            names = "--take-back",
            description = "Only let FROM be written to again. What was written to the other store since stays there.")
    private boolean isTakenBack;

    @Mixin
    private final ProgressOption progress = new ProgressOption();

    MigrateCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws InterruptedException {
        StoreArgument from = new StoreArgument(given(source));
        if (from.isDirectory()) {
            from.requireStore();
        }
        if (isTakenBack) {
            takeBack(from);
            return 0;
        }
        if (target == null) {
            throw CommandFailure.usage("name the store that the data are to move to.", null);
        }
        StoreArgument to = new StoreArgument(target);
        try (KvStore left = from.open(Options.defaults());
                KvStore next = to.open(Options.defaults())) {
            if (isCopy) {
                copy(left, next, to);
            } else {
                move(left, next, from, to);
            }
        }
        return 0;
    }

    private void takeBack(StoreArgument from) {
        try (KvStore store = from.open(Options.defaults())) {
            Migration.takeFenceDown(store);
        }
        answer(new JsonLine().field("store", shown(from)), "It is open for writes.");
    }

    private void copy(KvStore left, KvStore next, StoreArgument to) throws InterruptedException {
        Verification found;
        try (Bar bar = progress.bar(terminal(), "entries");
                Mirror mirror = Mirror.from(left).telling(shown(bar)).to(next)) {
            found = mirror.verify();
        }
        answer(
                new JsonLine()
                        .field("target", shown(to))
                        .field("entries", found.entries())
                        .field("repaired", found.repaired()),
                "Copied " + entries(found) + " to " + to + ", and compared them.");
    }

    private void move(KvStore left, KvStore next, StoreArgument from, StoreArgument to) throws InterruptedException {
        Verification found;
        @Nullable CutOver moved;
        try (Bar bar = progress.bar(terminal(), "entries");
                Migration migration = Migration.from(left).telling(shown(bar)).to(next)) {
            migration.start();
            found = migration.verify();
            // An earlier call may have come as far.
            moved = migration.isCutOver() ? null : migration.cutOver();
            migration.finish();
        }
        answer(
                new JsonLine()
                        .field("target", shown(to))
                        .field("entries", found.entries())
                        .field("repaired", found.repaired())
                        .field("pauseMillis", moved == null ? 0 : moved.pause().toMillis()),
                "Moved " + entries(found) + " to " + to + ", and compared them. " + from + " is closed for writes.");
    }

    /** As it was written, unless it may hold a password. */
    private static String shown(StoreArgument store) {
        return store.isDirectory() ? store.text() : store.toString();
    }

    private static String entries(Verification found) {
        return Figures.number(found.entries()) + " entries"
                + (found.isClean() ? "" : " (" + Figures.number(found.repaired()) + " of them repaired)");
    }

    /** The bar is of what is copied, and then of what is compared. */
    private static Consumer<Progress> shown(Bar bar) {
        return at -> {
            if (at.phase() == Phase.COPYING || at.phase() == Phase.REPAIRING) {
                bar.at(Math.min(at.copied(), Math.max(at.expected(), 0)), at.expected());
            } else if (at.phase() == Phase.VERIFYING && at.expected() >= 0) {
                bar.at(Math.min(at.verified(), at.expected()), at.expected());
            }
        };
    }
}
