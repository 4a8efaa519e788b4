// SPDX-License-Identifier: Apache-2.0
/**
 * Tests of the conformance kit itself: that it sees what is wrong, and that what it saw of each backend stands in the documentation.
 */
@NullMarked
package io.github.kvist.conformance;

import org.jspecify.annotations.NullMarked;
