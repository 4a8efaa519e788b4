// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.museum;

import io.github.kvist.faults.RewritingLoader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Compiles a source file of the project with a defect in it, in memory and against the classes of the project. */
final class Patch {
    static final String PROJECT = "io.github.kvist.";

    private static final Path SOURCES = Path.of("src", "main", "java");
    private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();

    /** Kept, so that the class path is looked through once. */
    private static final StandardJavaFileManager FILES =
            COMPILER.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8);

    private Patch() {}

    /** The source with the defect in it. */
    static String source(Exhibit exhibit) {
        Path file = file(exhibit);
        String source;
        try {
            source = Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(exhibit + ": its source cannot be read. Adjust the exhibit.", e);
        }
        Matcher found = pattern(exhibit.text()).matcher(source);
        if (!found.find()) {
            throw new AssertionError(
                    "%s: %s no longer holds <%s>. Adjust the exhibit, so that it plants the same defect."
                            .formatted(exhibit, file, exhibit.text()));
        }
        int start = found.start();
        int end = found.end();
        if (found.find()) {
            throw new AssertionError("%s: %s holds <%s> more than once. Let the exhibit name more of what is around it."
                    .formatted(exhibit, file, exhibit.text()));
        }
        return source.substring(0, start) + exhibit.defect() + source.substring(end);
    }

    private static Path file(Exhibit exhibit) {
        return SOURCES.resolve(name(exhibit).replace('.', '/') + ".java");
    }

    private static String name(Exhibit exhibit) {
        return PROJECT + exhibit.source();
    }

    /** A formatter may break lines elsewhere tomorrow. */
    private static Pattern pattern(String text) {
        return Pattern.compile(
                Arrays.stream(text.strip().split("\\s+")).map(Pattern::quote).collect(Collectors.joining("\\s+")));
    }

    /** The classes that the source file makes with the defect in it, by name. */
    static Map<String, byte[]> classes(Exhibit exhibit) {
        Compiled compiled = new Compiled();
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        List<String> options = List.of("-proc:none", "-implicit:none", "-nowarn", "-parameters", "-g");
        boolean done = COMPILER.getTask(
                        null,
                        compiled,
                        problems,
                        options,
                        null,
                        List.of(new Source(file(exhibit).toUri(), source(exhibit))))
                .call();
        if (!done) {
            throw new AssertionError("%s: the defect does not compile: %s"
                    .formatted(
                            exhibit,
                            problems.getDiagnostics().stream()
                                    .filter(problem -> problem.getKind() == Diagnostic.Kind.ERROR)
                                    .map(problem -> problem.getMessage(Locale.ROOT))
                                    .toList()));
        }
        return compiled.classes();
    }

    /**
     * The project and its tests once more, with some classes exchanged.
     *
     * @param exchanged by name, what is not as it is outside
     */
    static ClassLoader world(Map<String, byte[]> exchanged) {
        return new RewritingLoader(
                Patch.class.getClassLoader(), name -> name.startsWith(PROJECT), exchanged::getOrDefault);
    }

    /** A source file in memory. */
    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(URI place, String text) {
            super(place, Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    /** Keeps what is compiled in memory. */
    private static final class Compiled extends ForwardingJavaFileManager<JavaFileManager> {
        private final Map<String, ByteArrayOutputStream> made = new HashMap<>();

        Compiled() {
            super(FILES);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("memory:/" + className.replace('.', '/')), kind) {
                @Override
                public OutputStream openOutputStream() {
                    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                    made.put(className, bytes);
                    return bytes;
                }
            };
        }

        Map<String, byte[]> classes() {
            Map<String, byte[]> classes = new HashMap<>();
            made.forEach((name, bytes) -> classes.put(name, bytes.toByteArray()));
            return classes;
        }
    }
}
