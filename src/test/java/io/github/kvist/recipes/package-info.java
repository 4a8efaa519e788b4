// SPDX-License-Identifier: Apache-2.0
/**
 * Small examples to copy, one for each page under {@code docs/recipes}, and the tests that prove what the pages claim.
 *
 * <p>An example imports the JDK, {@code Kvist}, {@code api} and {@code codec} only, like an application.
 */
@NullMarked
package io.github.kvist.recipes;

import org.jspecify.annotations.NullMarked;
