// SPDX-License-Identifier: Apache-2.0
/**
 * What every store, backend and key codec promises, as tests to extend, and the parts that such tests need.
 *
 * <p>A codec for keys proves itself by extending {@link io.github.kvist.testkit.KeyCodecContract}.
 */
@NullMarked
package io.github.kvist.testkit;

import org.jspecify.annotations.NullMarked;
