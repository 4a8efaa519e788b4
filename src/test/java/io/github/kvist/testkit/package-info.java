// SPDX-License-Identifier: Apache-2.0
/**
 * What every store, backend and key codec promises, as tests to extend, and the parts that such tests need.
 *
 * <p>A store proves itself by extending {@link io.github.kvist.testkit.KvStoreContract}, a codec for keys by
 * {@link io.github.kvist.testkit.KeyCodecContract}. The oracle is {@link io.github.kvist.testkit.ReferenceBackend}.
 */
@NullMarked
package io.github.kvist.testkit;

import org.jspecify.annotations.NullMarked;
