// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.faults;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Loads classes anew, some of them rewritten: another copy of a program beside the one that tests it, in the same process.
 *
 * <p>A class whose name {@code own} accepts is defined here, from the bytes that the parent has of it, and goes through {@code
 * rewritten}, which returns what it leaves alone as it is. All others are the parent's, and those that both sides are to share must
 * be among them.
 */
final class RewritingLoader extends ClassLoader {

    private final Predicate<String> own;
    private final UnaryOperator<byte[]> rewritten;

    RewritingLoader(ClassLoader parent, Predicate<String> own, UnaryOperator<byte[]> rewritten) {
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
            byte[] code = rewritten.apply(bytes.readAllBytes());
            return defineClass(name, code, 0, code.length);
        } catch (IOException failed) {
            throw new ClassNotFoundException(name, failed);
        }
    }
}
