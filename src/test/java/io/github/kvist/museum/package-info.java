// SPDX-License-Identifier: Apache-2.0
/**
 * A museum of bugs: defects that the storage core could have, planted one by one into a copy of its classes, each of which some
 * test must catch. A defence that can be taken out without a test noticing is a defence that the next change may take out.
 *
 * <p>Start at {@link io.github.kvist.museum.MuseumTest}; an {@link io.github.kvist.museum.Exhibit} is added to one of the halls.
 */
@NullMarked
package io.github.kvist.museum;

import org.jspecify.annotations.NullMarked;
