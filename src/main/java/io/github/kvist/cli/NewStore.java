// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The store that a command makes for what it is about to do, if it has to. Closing it after the store takes the directory away
 * again, unless it was worth it.
 */
final class NewStore implements AutoCloseable {
    private final Terminal terminal;
    private final Path directory;
    private final boolean wasThere;
    private boolean isUseless;

    private NewStore(Terminal terminal, Path directory, boolean wasThere) {
        this.terminal = terminal;
        this.directory = directory;
        this.wasThere = wasThere;
    }

    /** Looks at a directory that is about to be opened. */
    static NewStore at(Path directory, Terminal terminal) {
        return new NewStore(terminal, directory, Files.exists(directory, LinkOption.NOFOLLOW_LINKS));
    }

    /** It is open now, by this command and nobody else, at {@code revision}. */
    void opened(long revision) {
        isUseless = !wasThere && revision == 0;
    }

    /** It is to stay. */
    void keep() {
        isUseless = false;
    }

    @Override
    public void close() {
        if (!isUseless) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> leavesFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : leavesFirst) {
                Files.delete(file);
            }
        } catch (IOException | UncheckedIOException failed) {
            terminal.note("kvist: " + directory + " was made for nothing and cannot be deleted: " + failed);
        }
    }
}
