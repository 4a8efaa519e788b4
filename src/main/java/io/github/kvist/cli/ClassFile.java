// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The head of a class file, with names as {@link Class#getName} gives them.
 *
 * @param superclass null for an interface, a module and {@code java.lang.Object}
 * @param interfaces those named directly, in the order of the declaration
 */
record ClassFile(String name, @Nullable String superclass, List<String> interfaces) {
    ClassFile {
        interfaces = List.copyOf(interfaces);
    }
}
