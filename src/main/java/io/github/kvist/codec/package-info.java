// SPDX-License-Identifier: Apache-2.0
/**
 * Ready-made codecs: {@link io.github.kvist.codec.Keys} turns objects into bytes that sort as the objects do,
 * {@link io.github.kvist.codec.Values} turns them into bytes that only have to be read again.
 *
 * <p>Imports {@code api}.
 */
@NullMarked
package io.github.kvist.codec;

import org.jspecify.annotations.NullMarked;
