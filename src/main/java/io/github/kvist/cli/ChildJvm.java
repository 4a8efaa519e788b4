// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Starts a class of this program in a JVM of its own. */
final class ChildJvm {
    private ChildJvm() {}

    /**
     * What the child prints, on either stream, comes through {@link Process#getInputStream}.
     *
     * @throws CommandFailure if it cannot be started
     */
    static Process start(Class<?> mainClass, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", // it lives for a second or two
                "-XX:+UseSerialGC",
                "-cp",
                classPath(mainClass.getClassLoader()),
                mainClass.getName()));
        command.addAll(List.of(arguments));
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException cannotStart) {
            throw new CommandFailure(
                    CommandFailure.FAILED,
                    "A second JVM could not be started with " + command.get(0) + ": " + cannotStart.getMessage(),
                    cannotStart);
        }
    }

    /** Under exec:java the property java.class.path is the one of Maven's launcher; our own is known to the class loader. */
    private static String classPath(ClassLoader loader) {
        Stream<String> entries = loader instanceof URLClassLoader urls
                ? Stream.of(urls.getURLs()).map(ChildJvm::path)
                : Stream.of(System.getProperty("java.class.path", ""), System.getProperty("jdk.module.path", ""));
        return entries.filter(entry -> !entry.isEmpty()).collect(Collectors.joining(File.pathSeparator));
    }

    private static String path(URL url) {
        try {
            return Path.of(url.toURI()).toString();
        } catch (URISyntaxException malformed) {
            throw new IllegalStateException("The class loader names a place that is no URI: " + url, malformed);
        }
    }
}
