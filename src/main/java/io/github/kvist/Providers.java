// SPDX-License-Identifier: Apache-2.0
package io.github.kvist;

import io.github.kvist.backend.BackendProvider;
import java.util.Iterator;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The providers that work: one that is broken keeps nobody from using another.
 *
 * @param byScheme the first of each scheme
 * @param broken what is wrong with the others
 */
record Providers(
        Map<String, BackendProvider> byScheme, @Nullable Throwable broken) {

    /** A loader that cannot even look fails for ever. */
    private static final int BROKEN_MAX = 100;

    /** Looks at each of {@code loader}, as a {@link java.util.ServiceLoader} hands them out. */
    static Providers among(Iterable<BackendProvider> loader) {
        Map<String, BackendProvider> byScheme = new TreeMap<>();
        Throwable broken = null;
        Iterator<BackendProvider> providers = loader.iterator();
        for (int failures = 0; failures < BROKEN_MAX; ) {
            try {
                if (!providers.hasNext()) {
                    break;
                }
                BackendProvider provider = providers.next();
                provider.schemes().forEach(scheme -> byScheme.putIfAbsent(scheme, provider));
            } catch (RuntimeException | ServiceConfigurationError | LinkageError failed) {
                broken = failed;
                failures++;
            }
        }
        return new Providers(byScheme, broken);
    }
}
