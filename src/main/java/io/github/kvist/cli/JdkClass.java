// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One class of the JDK: the record that the demo keeps, as JSON.
 *
 * @param sizeBytes of its class file
 * @param superclass null for an interface and for {@code java.lang.Object}
 */
record JdkClass(
        String name,
        String module,
        String packageName,
        int sizeBytes,
        @Nullable String superclass,
        List<String> interfaces) {}
