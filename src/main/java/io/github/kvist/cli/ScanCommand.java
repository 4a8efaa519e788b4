// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import io.github.kvist.api.Entry;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.Scan;
import java.util.Iterator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists records in the order of their keys. */
@Command(
        name = "scan",
        header = {"Lists records in the order of their keys.", ""},
        description =
                "Keys and values are shown as the codecs of the table say, long ones cut off; --json shows all of them.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  kvist scan data/app people --prefix an",
            "  kvist scan data/app people --from ann --to bob    from ann on, up to but without bob",
            "  kvist scan data/app visits --prefix '[\"ann\"]'     tuples whose first component is ann",
            "  kvist scan data/app orders --reverse --limit 10   the last ten",
            "  kvist scan data/app people --json | jq .value",
        })
final class ScanCommand extends ReadCommand {
    private static final int CELL = 60;
    private static final long ROWS = 100;

    @Parameters(index = "1", paramLabel = "TABLE", description = "Its name; \"kvist tables\" lists them.")
    private @Nullable String table;

    @Option(names = "--from", paramLabel = "KEY", description = "Begin with this key, or the next one there is.")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "KEY", description = "End before this key.")
    private @Nullable String to;

    @Option(names = "--prefix", paramLabel = "KEY", description = "Only keys that begin like this.")
    private @Nullable String prefix;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "At most so many; 0: all. Default: 100, and all with --json.")
    private @Nullable Long limit;

    @Option(names = "--reverse", description = "From the last to the first.")
    private boolean isReverse;

    @Option(names = "--keys-only", description = "Without the values.")
    private boolean isKeysOnly;

    ScanCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    int read(OpenStore store) {
        RawTable scanned = store.table(given(table));
        long rows = rows();
        Scan<byte[], byte[]> scan = store.store().in(scanned.table()).scan(range(scanned));
        try (Stream<Entry<byte[], byte[]>> entries = (isReverse ? scan.reverse() : scan).stream()) {
            Iterator<Entry<byte[], byte[]>> rest = entries.iterator();
            if (isJson()) {
                for (long row = 0; row < rows && rest.hasNext(); row++) {
                    terminal().line(scanned.json(rest.next(), !isKeysOnly).end());
                }
            } else {
                print(scanned, rest, rows);
            }
        }
        return 0;
    }

    private long rows() {
        if (limit == null) {
            return isJson() ? Long.MAX_VALUE : ROWS;
        }
        if (limit < 0) {
            throw CommandFailure.usage("--limit is 0 or more, not " + limit + ".", null);
        }
        return limit == 0 ? Long.MAX_VALUE : limit;
    }

    private KeyRange<byte[]> range(RawTable scanned) {
        if (prefix != null) {
            if (from != null || to != null) {
                throw CommandFailure.usage("--prefix is a range by itself: leave out --from and --to.", null);
            }
            return scanned.keyArgument("--prefix", prefix, scanned.keys()::prefix);
        }
        byte[] first = from == null ? null : scanned.keyArgument("--from", from, scanned.keys()::bytes);
        byte[] end = to == null ? null : scanned.keyArgument("--to", to, scanned.keys()::bytes);
        if (end == null) {
            return first == null ? KeyRange.all() : KeyRange.atLeast(first);
        }
        return first == null ? KeyRange.lessThan(end) : KeyRange.closedOpen(first, end);
    }

    /** Widths are made for {@value #ROWS} rows at a time, so that a long scan shows something at once and needs no memory. */
    private void print(RawTable scanned, Iterator<Entry<byte[], byte[]>> rest, long rows) {
        long shown = 0;
        do {
            TextTable page = isKeysOnly ? new TextTable("KEY", "EXPIRES") : new TextTable("KEY", "EXPIRES", "VALUE");
            for (int row = 0; row < ROWS && shown < rows && rest.hasNext(); row++, shown++) {
                add(page, scanned, rest.next());
            }
            page.print(terminal());
        } while (shown < rows && rest.hasNext());
        if (rest.hasNext()) {
            terminal().note("There are more: --limit 0 shows all.");
        }
    }

    private void add(TextTable page, RawTable scanned, Entry<byte[], byte[]> entry) {
        String key = Printable.of(scanned.keys().text(entry.key()), CELL);
        String expires = entry.expiresAt() == null ? "-" : entry.expiresAt().toString();
        if (isKeysOnly) {
            page.row(key, expires);
        } else {
            page.row(key, expires, Printable.of(scanned.values().text(entry.value()), CELL));
        }
    }
}
