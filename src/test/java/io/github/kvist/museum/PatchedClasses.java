// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.museum;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/**
 * Loads the project and its tests once more, with some classes exchanged: a world of its own, with its own static state, in which
 * tests reach package-private parts as they do outside. Everything else comes from outside.
 */
final class PatchedClasses extends ClassLoader {
    static final String PROJECT = "io.github.kvist.";

    private final Map<String, byte[]> exchanged;

    /** @param exchanged by name, what is not as it is outside */
    PatchedClasses(Map<String, byte[]> exchanged) {
        super(PatchedClasses.class.getClassLoader());
        this.exchanged = exchanged;
    }

    static {
        registerAsParallelCapable();
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(PROJECT)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? findClass(name) : loaded;
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] bytes = exchanged.get(name);
        if (bytes == null) {
            bytes = asOutside(name);
        }
        return defineClass(name, bytes, 0, bytes.length);
    }

    private byte[] asOutside(String name) throws ClassNotFoundException {
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }
}
