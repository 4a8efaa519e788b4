// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** PostgreSQL 18 with the database {@value #DATABASE}, whose owner is the superuser {@value #USER}. */
public final class PostgresServer extends Server {

    public static final String DATABASE = "postgres";
    public static final String USER = "postgres";
    public static final String PASSWORD = "twig";

    private final String password;

    private PostgresServer(String password) {
        super(temporaryDirectory("postgres"));
        this.password = password;
    }

    static PostgresServer start(String... settings) {
        return startWithPassword(PASSWORD, settings);
    }

    /** One whose superuser has a password of the caller's. */
    public static PostgresServer startWithPassword(String password, String... settings) {
        PostgresServer server = new PostgresServer(password);
        try {
            server.initialize(List.of(settings));
            server.launch();
            return server;
        } catch (Throwable failed) {
            server.close();
            throw failed;
        }
    }

    private void initialize(List<String> settings) {
        try {
            PostgresBinaries.giveAway(directory());
            Path passwordFile = Files.writeString(directory().resolve("password"), password);
            PostgresBinaries.giveAway(passwordFile);
            Commands.run(PostgresBinaries.command(
                    "initdb",
                    "--pgdata=" + data(),
                    "--username=" + USER,
                    "--pwfile=" + passwordFile,
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale=C",
                    "--no-sync",
                    "--no-instructions"));
            List<String> all = new ArrayList<>(List.of(
                    "listen_addresses = '" + HOST + "'",
                    "port = " + port(),
                    "unix_socket_directories = ''",
                    "shared_buffers = 64MB",
                    "max_connections = 100"));
            all.addAll(settings);
            Files.write(data().resolve("postgresql.conf"), all, StandardOpenOption.APPEND);
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    /** One that speaks TLS to those who ask for it. */
    public static PostgresServer startWithTls(Certificate certificate, String... settings) {
        PostgresServer server = new PostgresServer(PASSWORD);
        try {
            List<String> all = new ArrayList<>(List.of(settings));
            all.addAll(server.certified(certificate));
            server.initialize(all);
            server.launch();
            return server;
        } catch (Throwable failed) {
            server.close();
            throw failed;
        }
    }

    private List<String> certified(Certificate certificate) {
        try {
            Path key = Files.copy(certificate.key(), directory().resolve("server.key"));
            PostgresBinaries.giveAway(key);
            Path chain = Files.copy(certificate.pem(), directory().resolve("server.pem"));
            PostgresBinaries.giveAway(chain);
            return List.of("ssl = on", "ssl_key_file = '" + key + "'", "ssl_cert_file = '" + chain + "'");
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    /** Changes a line of its configuration while it runs; it notices in a moment. */
    public void set(String setting) {
        try {
            Files.writeString(data().resolve("postgresql.conf"), setting + "\n", StandardOpenOption.APPEND);
            reload();
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    /** Ends all clients, as {@code pg_terminate_backend} does; returns how many. */
    public int throwOut() {
        return terminate(PostgresServer::isOfAClient);
    }

    /** Its title, which it puts where its arguments were, then says where the client is. */
    private static boolean isOfAClient(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"))
                    .contains(HOST + "(");
        } catch (IOException ended) {
            return false;
        }
    }

    /** For {@code Kvist.open}: with a password, without TLS, in a schema. */
    public String uri(String schema) {
        return uri(schema, port());
    }

    /** The same by way of another port of this machine. */
    public String uri(String schema, int port) {
        return uri(schema, port, password);
    }

    /** The same with a password that may be wrong. */
    public String uri(String schema, int port, String password) {
        return "postgresql://" + USER + ":" + password + "@" + HOST + ":" + port + "/" + DATABASE + "?schema=" + schema
                + "&sslmode=disable";
    }

    /** For {@code java.sql.DriverManager}, with user and password. */
    public String jdbcUrl() {
        return "jdbc:postgresql://" + address() + "/" + DATABASE + "?user=" + USER + "&password=" + password
                + "&sslmode=disable";
    }

    private Path data() {
        return directory().resolve("data");
    }

    @Override
    List<String> command() {
        return PostgresBinaries.command("postgres", "-D", data().toString());
    }

    @Override
    String readyLine() {
        return "database system is ready to accept connections";
    }

    @Override
    String stopSignal() {
        return "INT";
    }
}
