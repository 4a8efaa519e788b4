// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.ProgressListener;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Brings back what a backup holds. */
@Command(
        name = "restore",
        header = {"Brings back what a backup holds.", ""},
        description =
                "Reads a file of \"kvist backup\" into a store: all of it or nothing. The store is made if it is not "
                        + "there, and has to be empty if it is.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  kvist restore app.kvist data/again",
            "  kvist restore app.kvist data/app --replace   all that is in data/app goes",
        })
final class RestoreCommand extends Verb {

    @Parameters(index = "0", paramLabel = "SOURCE", description = "The file.")
    private @Nullable Path source;

    @Parameters(index = "1", paramLabel = "STORE", description = "The directory of the store, or file:DIRECTORY.")
    private @Nullable String address;

    @Option(names = "--replace", description = "Also into a store that holds something, which is lost.")
    private boolean isReplacing;

    @Mixin
    private final ProgressOption progress = new ProgressOption();

    RestoreCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        Path file = given(source);
        StoreArgument to = StoreArgument.ofDirectory(given(address));
        // The file is looked at first, so that a slip of the pen leaves no empty store.
        try (InputStream image = Files.newInputStream(file)) {
            long revision = restore(to, file, image);
            answer(
                    new JsonLine().field("store", to.text()).field("revision", revision),
                    "Restored revision " + Figures.number(revision) + ".");
            return 0;
        } catch (IOException failed) {
            throw new UncheckedIOException(file + " cannot be read: " + failed, failed);
        }
    }

    private long restore(StoreArgument to, Path file, InputStream image) throws IOException {
        long total = Files.size(file);
        try (Bar bar = progress.bar(terminal(), "bytes");
                NewStore made = NewStore.at(to.path(), terminal());
                KvStore store = to.open(Options.defaults())) {
            made.opened(store.revision());
            try {
                restore(store, file, image, (done, unknown) -> bar.at(done, total));
            } catch (KvException.OutcomeUnknown perhapsThere) {
                made.keep();
                throw perhapsThere;
            }
            made.keep();
            return store.revision();
        }
    }

    private void restore(KvStore store, Path file, InputStream image, ProgressListener listener) {
        try {
            store.admin().restore(image, isReplacing, listener);
        } catch (IllegalStateException occupied) {
            throw new CommandFailure(
                    CommandFailure.FAILED,
                    "the store holds records, so nothing was restored. Restore into an empty store, or replace all that it "
                            + "holds with --replace.",
                    occupied);
        } catch (KvException.Corrupt | KvException.UnsupportedFormat refused) {
            throw new CommandFailure(
                    CommandFailure.FAILED,
                    file + " cannot be restored, nothing was changed. " + refused.getMessage(),
                    refused);
        }
    }
}
