// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.api;

import java.util.Objects;

/** Who a system on the network is asked as; {@link #toString} hides the password. */
public record Credentials(String user, Secret password) {

    public Credentials {
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(password, "password");
    }
}
