// SPDX-License-Identifier: Apache-2.0

/** A module needs Kvist, and lets Jackson see the records that it stores as JSON. */
module app {
    requires io.github.kvist;

    opens app to
            com.fasterxml.jackson.databind;
}
