// SPDX-License-Identifier: Apache-2.0

/**
 * Events for the flight recorder of the JDK, as {@code docs/operations.md} lists them.
 *
 * <p>Ask {@link io.github.kvist.event.Flight#isOn} before any of them is touched: until somebody records, none is loaded. Imports
 * the JDK only.
 */
@NullMarked
package io.github.kvist.event;

import org.jspecify.annotations.NullMarked;
