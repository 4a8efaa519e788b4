// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import io.github.kvist.api.Change;
import io.github.kvist.api.Options;
import io.github.kvist.api.Watch;
import io.github.kvist.api.WatchEvent;
import io.github.kvist.api.WatchOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows the commits that the log still holds. */
@Command(
        name = "watch",
        header = {"Shows the commits that the log still holds, and ends.", ""},
        description = {
            "What each of them changed, in the order of their revisions. A checkpoint cuts the log; commits before it are not "
                    + "shown, and it is said which.",
            "Commits to come are not waited for: while this command reads a store, no process writes to it. A program "
                    + "follows its own store with KvStore.watch, which can send on what happens."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  kvist watch data/app",
            "  kvist watch data/app people --from 4711   what came after revision 4711",
            "  kvist watch data/app --json | jq .changes",
        })
final class WatchCommand extends StoreCommand {
    private static final int CELL = 60;

    @Parameters(index = "1", arity = "0..1", paramLabel = "TABLE", description = "Only this one. Default: all.")
    private @Nullable String table;

    @Option(names = "--all", description = "All tables, which is the default.")
    private boolean isAll;

    @Option(
            names = "--from",
            paramLabel = "REVISION",
            description = "Only what came after this revision. Default: 0, all that there is.")
    private long from;

    WatchCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        if (isAll && table != null) {
            throw CommandFailure.usage("--all is every table: leave out the name of one, or --all.", null);
        }
        if (from < 0) {
            throw CommandFailure.usage("--from is a revision, 0 or more, not " + from + ".", null);
        }
        Options everyCommit = Options.defaults().readOnly().history(Long.MAX_VALUE);
        try (OpenStore store = OpenStore.of(address().open(everyCommit));
                Watch watch = store.store().watch(options(store))) {
            show(store, watch);
            return 0;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(CommandFailure.FAILED, "was interrupted.", interrupted);
        }
    }

    private WatchOptions options(OpenStore store) {
        long newest = store.store().revision();
        if (from > newest) {
            throw CommandFailure.usage(
                    "--from " + from + " is in the future: the newest revision is " + newest + ".", null);
        }
        WatchOptions watched = table == null
                ? WatchOptions.all()
                : WatchOptions.of(store.table(table).table());
        return watched.from(from);
    }

    private void show(OpenStore store, Watch watch) throws InterruptedException {
        // Nobody writes, so that what is not there at once never comes.
        for (WatchEvent event = watch.next(Duration.ZERO); event != null; event = watch.next(Duration.ZERO)) {
            if (event instanceof WatchEvent.Committed commit) {
                show(store, commit);
            } else if (event instanceof WatchEvent.Gap gap) {
                terminal()
                        .note("Commits after revision " + Figures.number(gap.lastSeen()) + " and before "
                                + Figures.number(gap.oldestAvailable()) + " are no longer in the log.");
            }
        }
        terminal().note("The newest revision is " + Figures.number(store.store().revision()) + ".");
    }

    private void show(OpenStore store, WatchEvent.Committed commit) {
        if (isJson()) {
            terminal()
                    .line(new JsonLine()
                            .field("revision", commit.revision())
                            .field("at", commit.at().toString())
                            .objects(
                                    "changes",
                                    commit.changes(),
                                    (line, change) -> fields(line, of(store, change), change))
                            .end());
            return;
        }
        terminal().line("Revision " + Figures.number(commit.revision()) + " at " + commit.at());
        commit.changes().forEach(change -> terminal().line(shown(of(store, change), change)));
    }

    /** The table of a change with the codecs that the store knows, whatever the change was reported with. */
    private static RawTable of(OpenStore store, Change<?, ?> change) {
        return store.table(change.table().name());
    }

    private static String shown(RawTable table, Change<?, ?> change) {
        byte[] after = (byte[]) change.after();
        return "  %-6s  %s  %s%s"
                .formatted(
                        change.kind(),
                        Printable.of(table.name()),
                        Printable.of(table.keys().text((byte[]) change.key()), CELL),
                        after == null ? "" : "  " + Printable.of(table.values().text(after), CELL));
    }

    private static void fields(JsonLine line, RawTable table, Change<?, ?> change) {
        line.field("table", table.name()).field("kind", change.kind().name()).field("key", table.keys(), (byte[])
                change.key());
        byte[] before = (byte[]) change.before();
        if (before != null) {
            line.field("before", table.values(), before);
        }
        byte[] after = (byte[]) change.after();
        if (after != null) {
            line.field("after", table.values(), after);
        }
    }
}
