// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.api;

/** A state inside one write transaction to which {@link WriteTransaction#rollbackTo} returns. */
public interface Savepoint {}
