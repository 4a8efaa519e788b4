// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.servers;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The classes of the tests once more, as a program has them that did not add a driver. */
final class WithoutDriver extends URLClassLoader {

    private final String packages;

    WithoutDriver(String packages) throws MalformedURLException {
        super(classPath(), ClassLoader.getPlatformClassLoader());
        this.packages = packages;
    }

    private static URL[] classPath() throws MalformedURLException {
        List<URL> urls = new ArrayList<>();
        for (String part : System.getProperty("java.class.path").split(File.pathSeparator)) {
            urls.add(Path.of(part).toUri().toURL());
        }
        return urls.toArray(new URL[0]);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (name.startsWith(packages)) {
            throw new ClassNotFoundException(name);
        }
        return super.loadClass(name, resolve);
    }
}
