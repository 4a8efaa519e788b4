// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import io.github.kvist.Kvist;
import io.github.kvist.api.KvStore;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
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
        try {
            return isUri() ? Kvist.open(text) : Kvist.open(Path.of(text));
        } catch (IllegalArgumentException unknown) {
            throw new CommandFailure(CommandFailure.USAGE, String.valueOf(unknown.getMessage()), unknown);
        }
    }

    /** Whether the store lies in files of this machine, so that a second process can open it after the first. */
    boolean isDirectory() {
        return !isUri() || text.toLowerCase(Locale.ROOT).startsWith("file:");
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
