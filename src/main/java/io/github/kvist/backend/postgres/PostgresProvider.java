// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.postgres;

import io.github.kvist.api.Options;
import io.github.kvist.backend.Address;
import io.github.kvist.backend.Backend;
import io.github.kvist.backend.BackendProvider;
import java.util.Set;

/** Opens stores at {@code postgresql://user@host:port/database?schema=name&…}. */
public final class PostgresProvider implements BackendProvider {

    /** For {@link java.util.ServiceLoader}. */
    public PostgresProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("postgresql", "postgres");
    }

    @Override
    public Set<String> parameters() {
        return ConnectionSettings.PARAMETERS;
    }

    @Override
    public String dependency() {
        return "org.postgresql:postgresql and com.zaxxer:HikariCP";
    }

    @Override
    public Backend open(Address address, Options options) {
        ConnectionSettings settings = ConnectionSettings.of(address);
        Connections connections = new Connections(
                settings.source(address, options), settings.snapshots(), settings.readers(), options.timeout());
        String where = address + ", schema " + settings.schema().quoted();
        return PostgresBackend.open(connections, settings.schema(), options, where);
    }
}
