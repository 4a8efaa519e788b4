// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend;

import io.github.kvist.api.Options;
import java.util.Set;

/**
 * Opens the backends of a system by their address; found by {@link java.util.ServiceLoader}, so that a system is added by adding
 * its jar. Has a public constructor without arguments that loads no class of a driver.
 */
public interface BackendProvider {

    /** The beginnings of the addresses that it opens, in lower case, such as {@code redis} and {@code rediss}. */
    Set<String> schemes();

    /** The names that may stand in the query of an address; others are refused before {@link #open}. */
    Set<String> parameters();

    /** What has to be on the class path, as {@code group:artifact}, for the message if it is not. */
    String dependency();

    /**
     * Connects.
     *
     * @throws IllegalArgumentException if the address is not one of its; the message has no secret in it
     * @throws io.github.kvist.api.KvException.Unavailable if the system cannot be reached or refuses
     * @throws io.github.kvist.api.KvException.UnsupportedFormat if what is stored there is of a newer version
     * @throws NoClassDefFoundError if the driver is missing
     */
    Backend open(Address address, Options options);
}
