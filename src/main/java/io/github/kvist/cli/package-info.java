// SPDX-License-Identifier: Apache-2.0
/**
 * The {@code kvist} command: looks into stores whose tables it does not know, looks after them, and has a demo.
 *
 * <p>Start at {@link io.github.kvist.cli.Main}; each verb is a {@code …Command}, and a {@link io.github.kvist.cli.Form} makes bytes readable. May import everything, is imported by nobody, and is the only room that prints.
 */
@NullMarked
package io.github.kvist.cli;

import org.jspecify.annotations.NullMarked;
