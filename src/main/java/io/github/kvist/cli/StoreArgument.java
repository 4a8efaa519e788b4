// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import io.github.kvist.Kvist;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.backend.file.CheckpointStorage;
import io.github.kvist.backend.file.FileStorage;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Where a store is, as it is written on the command line: a URI such as {@code memory:}, or a directory.
 *
 * @param text as it was written, so that another process started in the same directory understands it too
 */
record StoreArgument(String text) {
    static final StoreArgument DEFAULT = new StoreArgument("data/demo");

    /** At least two letters, so that a drive of Windows is none. */
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:.*");

    private static final String FILE = "file:";
    /** What stands in the directory of every store; see docs/format.md. */
    private static final String MANIFEST = "MANIFEST";

    /**
     * @throws CommandFailure if the text is no path, or a mere word that names no directory: more likely a misspelt command
     *     than the wish for a new directory
     */
    static StoreArgument of(String text) {
        StoreArgument address = new StoreArgument(text);
        if (!address.isUri() && !isDirectoryOrSurelyMeantAsOne(text)) {
            throw new CommandFailure(
                    CommandFailure.USAGE,
                    "\"" + text + "\" is neither a command nor a directory. For a new directory write ./" + text
                            + ", for another store its URI, such as memory:",
                    null);
        }
        return address;
    }

    /** @throws CommandFailure unless the text is a path or begins with {@code file:} */
    static StoreArgument ofDirectory(String text) {
        StoreArgument address = new StoreArgument(text);
        if (!address.isDirectory()) {
            throw CommandFailure.usage(
                    "this command works on a store in a directory, not on one at " + address
                            + " Write the directory, file: and the directory, or the address of a system such as redis://host.",
                    null);
        }
        address.path();
        return address;
    }

    /** @throws CommandFailure if it names no store that outlives the process that made it */
    static StoreArgument ofKept(String text) {
        StoreArgument address = new StoreArgument(text);
        return address.isSystem() ? address : ofDirectory(text);
    }

    private static boolean isDirectoryOrSurelyMeantAsOne(String text) {
        try {
            Path path = Path.of(text);
            return !text.isBlank()
                    && (Files.isDirectory(path)
                            || path.isAbsolute()
                            || path.getNameCount() > 1
                            || text.startsWith("."));
        } catch (InvalidPathException notAPath) {
            return false;
        }
    }

    /** @throws CommandFailure if it is no address that Kvist knows */
    KvStore open() {
        return open(Options.defaults());
    }

    /** @throws CommandFailure if it is no address that Kvist knows */
    KvStore open(Options options) {
        return opened(() -> isUri() ? Kvist.open(text, options) : Kvist.open(new FileStorage(path()), options));
    }

    /** The store as its newest checkpoint has it, whoever has it open. */
    KvStore openNewestCheckpoint() {
        if (isSystem()) {
            throw CommandFailure.usage(
                    "only a store in a directory has checkpoints. Leave out --as-of-checkpoint.", null);
        }
        return opened(() ->
                Kvist.open(new CheckpointStorage(path()), Options.defaults().readOnly()));
    }

    private static KvStore opened(Supplier<KvStore> opening) {
        try {
            return opening.get();
        } catch (IllegalArgumentException unknown) {
            throw CommandFailure.usage(String.valueOf(unknown.getMessage()), unknown);
        }
    }

    /** @throws CommandFailure if there is no store: a slip of the pen should not make one */
    void requireStore() {
        if (!isSystem() && !Files.exists(path().resolve(MANIFEST))) {
            throw CommandFailure.failed(
                    this + " holds no store, and this command makes none. Write the directory of a store.");
        }
    }

    /** The directory. */
    Path path() {
        try {
            Path path = Path.of(isUri() ? placeOfFile() : text);
            if (path.toString().isBlank()) {
                throw CommandFailure.usage("the directory of the store has no name.", null);
            }
            return path;
        } catch (IllegalArgumentException noPath) {
            throw CommandFailure.usage(
                    "\"" + Printable.of(text, Screen.COLUMNS) + "\" is no directory of this system.", noPath);
        }
    }

    private String placeOfFile() {
        String place = text.substring(FILE.length());
        int question = place.indexOf('?');
        String path = question < 0 ? place : place.substring(0, question);
        String decoded = URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
        return decoded.startsWith("///") ? decoded.substring(2) : decoded;
    }

    /** Whether it is on the network. */
    private boolean isSystem() {
        return isUri() && text.contains("://") && !isDirectory();
    }

    /** Whether the store lies in files of this machine, so that a second process can open it after the first. */
    boolean isDirectory() {
        return !isUri() || text.toLowerCase(Locale.ROOT).startsWith(FILE);
    }

    private boolean isUri() {
        return SCHEME.matcher(text).matches();
    }

    /** For people: a directory with its whole path, and of a system only its kind, since the rest may hold a password. */
    @Override
    public String toString() {
        if (!isUri()) {
            return Path.of(text).toAbsolutePath().normalize().toString();
        }
        return isDirectory() ? text : text.substring(0, text.indexOf(':') + 1);
    }
}
