// SPDX-License-Identifier: Apache-2.0
/**
 * The {@code kvist} command, which for now has one verb: a demo on real data.
 *
 * <p>Start at {@link io.github.kvist.cli.Main}. May import everything, is imported by nobody, and is the only room that prints.
 */
@NullMarked
package io.github.kvist.cli;

import org.jspecify.annotations.NullMarked;
