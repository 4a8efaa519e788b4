// SPDX-License-Identifier: Apache-2.0
/**
 * Real servers for tests, and ways to break them and the line to them.
 *
 * <p>Start at {@link io.github.kvist.servers.Servers}. Everything listens on 127.0.0.1 alone, at ports that were free, with its data in
 * temporary directories, and ends with the tests. Imports the JDK and JUnit: no driver.
 */
@NullMarked
package io.github.kvist.servers;

import org.jspecify.annotations.NullMarked;
