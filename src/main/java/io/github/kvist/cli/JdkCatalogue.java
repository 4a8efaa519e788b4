// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Every class that this JDK carries: some tens of thousands of records that any reader of the demo already has, in the
 * {@code jrt:/} file system. Immutable.
 */
final class JdkCatalogue {
    /** Below it one folder per module, below that one per part of the package name. */
    private static final String MODULES = "/modules";

    private final List<Path> files;

    private JdkCatalogue(List<Path> files) {
        this.files = files;
    }

    static JdkCatalogue ofThisJdk() {
        return below(MODULES);
    }

    static JdkCatalogue ofModule(String module) {
        return below(MODULES + "/" + module);
    }

    private static JdkCatalogue below(String folder) {
        Path root = FileSystems.getFileSystem(URI.create("jrt:/")).getPath(folder);
        try (Stream<Path> paths = Files.walk(root)) {
            return new JdkCatalogue(paths.filter(JdkCatalogue::isClass).toList());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(
                    "The classes of this JDK cannot be listed at jrt:" + folder + ".", unreadable);
        }
    }

    private static boolean isClass(Path path) {
        String file = path.getFileName().toString();
        // All modules describe themselves under one name, which no class can have.
        return file.endsWith(".class") && !file.equals("module-info.class");
    }

    /** The class files, one per class, to be given to {@link #read}. */
    List<Path> files() {
        return files;
    }

    /**
     * The class in one of {@link #files}.
     *
     * @throws UncheckedIOException if it cannot be read, or is no class file ({@link MalformedClassFileException})
     */
    static JdkClass read(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            ClassFile type = ClassFileReader.read(bytes);
            String module = file.getName(1).toString();
            return new JdkClass(
                    type.name(), module, packageOf(type.name()), bytes.length, type.superclass(), type.interfaces());
        } catch (IOException unreadable) {
            throw new UncheckedIOException("jrt:" + file + ": " + unreadable.getMessage(), unreadable);
        }
    }

    private static String packageOf(String name) {
        return name.substring(0, Math.max(0, name.lastIndexOf('.')));
    }
}
