// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.faults;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/**
 * Loads classes anew, some of them rewritten: another copy of a program beside the one that tests it, in the same process, with its
 * own static state, in which tests reach package-private parts as they do outside.
 */
public final class RewritingLoader extends ClassLoader {

    static {
        registerAsParallelCapable();
    }

    private final Predicate<String> own;
    private final BiFunction<String, byte[], byte[]> rewritten;

    /**
     * A copy of what {@code parent} has. All classes that are not its own are the parent's, and those that both sides are to share
     * must be among them.
     *
     * @param own accepts the names of classes that are defined here
     * @param rewritten gets the name of such a class and the bytes that the parent has of it, and returns what it leaves alone as it is
     */
    public RewritingLoader(ClassLoader parent, Predicate<String> own, BiFunction<String, byte[], byte[]> rewritten) {
        super(parent);
        this.own = own;
        this.rewritten = rewritten;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!own.test(name)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? define(name) : loaded;
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        try (InputStream bytes = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (bytes == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] code = rewritten.apply(name, bytes.readAllBytes());
            return defineClass(name, code, 0, code.length);
        } catch (IOException failed) {
            throw new ClassNotFoundException(name, failed);
        }
    }
}
