// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.postgres;

import io.github.kvist.api.Credentials;
import io.github.kvist.api.Options;
import io.github.kvist.backend.Address;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * What the address of a store says, checked.
 *
 * @param snapshots how many views may be open at once, each on a connection of its own
 * @param readers how many connections there are for single reads
 * @param sslMode how much of the server's certificate is checked
 */
record ConnectionSettings(
        SchemaName schema,
        int snapshots,
        int readers,
        String sslMode,
        @Nullable String sslRootCert,
        @Nullable String sslCert,
        @Nullable String sslKey,
        String applicationName) {

    private static final String SCHEMA = "schema";
    private static final String SNAPSHOTS = "snapshots";
    private static final String READERS = "readers";
    private static final String SSL_MODE = "sslmode";
    private static final String SSL_ROOT_CERT = "sslrootcert";
    private static final String SSL_CERT = "sslcert";
    private static final String SSL_KEY = "sslkey";
    private static final String APPLICATION_NAME = "application_name";

    static final Set<String> PARAMETERS =
            Set.of(SCHEMA, SNAPSHOTS, READERS, SSL_MODE, SSL_ROOT_CERT, SSL_CERT, SSL_KEY, APPLICATION_NAME);

    /** Those that never fall back to an unencrypted connection unless it is spelled out. */
    private static final Set<String> SSL_MODES = Set.of("verify-full", "verify-ca", "require", "disable");

    private static final int PORT = 5_432;
    private static final int CONNECTIONS_MAX = 1_000;
    private static final int MILLIS_PER_SECOND = 1_000;

    /**
     * Reads an address.
     *
     * @throws IllegalArgumentException if a part is missing or is none
     */
    static ConnectionSettings of(Address address) {
        Map<String, String> given = address.parameters();
        if (address.path().isEmpty()) {
            throw new IllegalArgumentException("The address of the store names no database; write " + address.scheme()
                    + "://host:port/database?schema=name.");
        }
        String sslMode = given.getOrDefault(SSL_MODE, "verify-full");
        if (!SSL_MODES.contains(sslMode)) {
            throw new IllegalArgumentException(
                    "sslmode is one of verify-full (the default), verify-ca, require and disable.");
        }
        return new ConnectionSettings(
                new SchemaName(given.getOrDefault(SCHEMA, SchemaName.DEFAULT)),
                number(given, SNAPSHOTS, 10),
                number(given, READERS, 4),
                sslMode,
                given.get(SSL_ROOT_CERT),
                given.get(SSL_CERT),
                given.get(SSL_KEY),
                given.getOrDefault(APPLICATION_NAME, "kvist"));
    }

    private static int number(Map<String, String> given, String name, int otherwise) {
        String text = given.get(name);
        if (text == null) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= CONNECTIONS_MAX) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // Refused below.
        }
        throw new IllegalArgumentException(name + " is a number of connections from 1 to " + CONNECTIONS_MAX + ".");
    }

    /** A data source that opens a new connection for each call. */
    PGSimpleDataSource source(Address address, Options options) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(address.hosts().stream().map(Address.Host::name).toArray(String[]::new));
        source.setPortNumbers(address.hosts().stream()
                .mapToInt(host -> host.port() == 0 ? PORT : host.port())
                .toArray());
        source.setDatabaseName(address.path());
        Credentials credentials = options.credentials() == null ? address.credentials() : options.credentials();
        if (credentials != null) {
            source.setUser(credentials.user());
            source.setPassword(credentials.password().reveal());
        }
        setEncryption(source);
        source.setApplicationName(applicationName);
        int seconds = Math.max(1, (int) Math.min(
                Integer.MAX_VALUE / MILLIS_PER_SECOND, options.timeout().toSeconds()));
        source.setConnectTimeout(seconds);
        source.setLoginTimeout(seconds);
        source.setSocketTimeout(seconds);
        source.setTcpKeepAlive(true);
        // Detail quotes keys, which belong in no log.
        source.setLogServerErrorDetail(false);
        source.setPrepareThreshold(1);
        if (address.hosts().size() > 1 && !options.isReadOnly()) {
            source.setTargetServerType("primary");
        }
        return source;
    }

    private void setEncryption(PGSimpleDataSource source) {
        source.setSslMode(sslMode);
        if (sslRootCert != null) {
            source.setSslRootCert(sslRootCert);
        } else if (sslMode.startsWith("verify")) {
            // The authorities that the JVM trusts, rather than a file in the user's home.
            source.setSslfactory("org.postgresql.ssl.DefaultJavaSSLFactory");
        }
        if (sslCert != null) {
            source.setSslCert(sslCert);
        }
        if (sslKey != null) {
            source.setSslKey(sslKey);
        }
    }
}
