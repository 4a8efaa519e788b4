// SPDX-License-Identifier: Apache-2.0
package io.github.kvist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.Capability;
import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.backend.Address;
import io.github.kvist.backend.Backend;
import io.github.kvist.backend.BackendProvider;
import io.github.kvist.testkit.ReferenceBackend;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Providers of somebody else's that do not keep to their contract: each spoils its own scheme only, and says so. */
final class ProvidersTest {

    /** A provider as it should be, if what it opens is. */
    public static class Sound implements BackendProvider {
        private final Callable<? extends @Nullable Backend> opened;

        public Sound() {
            this(ReferenceBackend::new);
        }

        Sound(Callable<? extends @Nullable Backend> opened) {
            this.opened = opened;
        }

        @Override
        public Set<String> schemes() {
            return Set.of("sound");
        }

        @Override
        public Set<String> parameters() {
            return Set.of();
        }

        @Override
        public String dependency() {
            return "org.example:driver";
        }

        @Override
        @SuppressWarnings("NullAway") // that somebody else's returns null is the point
        public Backend open(Address address, Options options) {
            try {
                return opened.call();
            } catch (Exception failed) {
                throw sneaky(failed);
            }
        }

        @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
        private static <T extends Throwable> RuntimeException sneaky(Throwable failed) throws T {
            throw (T) failed;
        }
    }

    /** Its constructor throws. */
    public static final class Unmakeable extends Sound {
        public Unmakeable() {
            throw new IllegalStateException("no licence");
        }
    }

    /** Its class cannot be initialized. */
    public static final class Uninitializable extends Sound {
        private static final int LENGTH = Integer.parseInt("none");

        @Override
        public Set<String> schemes() {
            return Set.of("of length " + LENGTH);
        }
    }

    /** Does not know what it opens. */
    public static final class Unknowing extends Sound {
        @Override
        public Set<String> schemes() {
            throw new UnsupportedOperationException("which?");
        }
    }

    @TempDir
    private Path directory;

    /** Each as a jar of its own would name it. */
    private Iterable<BackendProvider> named(String... classes) throws IOException {
        List<URL> jars = new ArrayList<>();
        for (String name : classes) {
            Path jar = directory.resolve("jar" + jars.size());
            Path services = Files.createDirectories(jar.resolve("META-INF/services"));
            Files.writeString(services.resolve(BackendProvider.class.getName()), name);
            jars.add(jar.toUri().toURL());
        }
        ClassLoader loader =
                new URLClassLoader(jars.toArray(new URL[0]), getClass().getClassLoader());
        return ServiceLoader.load(BackendProvider.class, loader);
    }

    private static KvStore open(Iterable<BackendProvider> providers) {
        return StoreAddress.parse("sound://host", providers).open(Options.defaults());
    }

    private static KvStore opening(Callable<? extends @Nullable Backend> opened) {
        return open(List.<BackendProvider>of(new Sound(opened)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "org.example.Missing",
                "not a name",
                "io.github.kvist.ProvidersTest",
                "io.github.kvist.ProvidersTest$Unmakeable",
                "io.github.kvist.ProvidersTest$Uninitializable",
                "io.github.kvist.ProvidersTest$Unknowing",
            })
    void brokenProviderSpoilsNoOther(String broken) throws IOException {
        try (KvStore store = open(named(broken, Sound.class.getName()))) {
            assertThat(store.revision()).isZero();
        }
        try (KvStore memory = StoreAddress.parse("memory:", named(broken)).open(Options.defaults())) {
            assertThat(memory.revision()).isZero();
        }
    }

    @Test
    void brokenProviderIsTheCauseIfNoOtherKnowsTheScheme() throws IOException {
        assertThatThrownBy(() -> StoreAddress.parse("other://scott:tiger@host", named(Unmakeable.class.getName())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"other\" is unknown")
                .hasMessageContaining("broken")
                .hasStackTraceContaining("no licence")
                .satisfies(refused -> assertThat(refused.toString()).doesNotContain("tiger"));
    }

    @Test
    void loaderThatCannotEvenLookIsLeftAlone() {
        Iterator<BackendProvider> failing = new Iterator<>() {
            @Override
            public boolean hasNext() {
                throw new ServiceConfigurationError("cannot look");
            }

            @Override
            public BackendProvider next() {
                throw new NoSuchElementException();
            }
        };

        assertThatThrownBy(() -> StoreAddress.parse("sound://host", () -> failing))
                .isInstanceOf(IllegalArgumentException.class)
                .hasStackTraceContaining("cannot look");
    }

    @Test
    void providerThatOpensNothingIsNamed() {
        assertThatThrownBy(() -> opening(() -> null))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(Sound.class.getName())
                .hasMessageContaining("sound:");
    }

    @Test
    void whatAProviderThrowsReachesTheCaller() {
        for (Throwable thrown : new Throwable[] {
            new IllegalStateException("of the provider"),
            new IOException("of the provider"),
            new KvException.Unavailable("of the provider", null),
            new StackOverflowError(),
            new ExceptionInInitializerError("of the provider"),
        }) {
            assertThatThrownBy(() -> opening(() -> {
                        if (thrown instanceof Error error) {
                            throw error;
                        }
                        throw (Exception) thrown;
                    }))
                    .isSameAs(thrown);
        }
    }

    @Test
    void missingDriverIsNamed() {
        assertThatThrownBy(() -> opening(() -> {
                    throw new NoClassDefFoundError("org/example/Driver");
                }))
                .isInstanceOf(KvException.Unsupported.class)
                .hasMessageContaining("org.example:driver");
    }

    @Test
    void backendThatIsRefusedIsClosedAndItsFailureHidesNothing() {
        Backend stubborn = (Backend) Proxy.newProxyInstance(
                Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        throw new IllegalStateException("cannot be closed");
                    }
                    return method.invoke(new ReferenceBackend(), arguments);
                });

        assertThatThrownBy(() -> StoreAddress.parse("sound://host", List.of(new Sound(() -> stubborn)))
                        .open(Options.defaults().require(Capability.FENCING)))
                .isInstanceOf(KvException.Unsupported.class)
                .hasMessageContaining("FENCING")
                .satisfies(refused -> assertThat(refused.getSuppressed())
                        .singleElement()
                        .asString()
                        .contains("cannot be closed"));
    }
}
