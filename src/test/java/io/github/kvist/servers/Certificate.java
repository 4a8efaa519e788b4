// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.servers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

/**
 * A certificate that signs itself, made by the JDK's own tool: whoever trusts it trusts the server that has its key.
 *
 * @param pem the certificate
 * @param key its private key, for its owner's eyes
 * @param trustStore the certificate alone as a key store of Java, PKCS 12, with the password {@value #STORE_PASSWORD}
 */
public record Certificate(Path pem, Path key, Path trustStore) {

    public static final String STORE_PASSWORD = "changeit";

    /** One for this machine, valid today. */
    public static Certificate ofThisMachine(Path directory) {
        return of(directory, "san=dns:localhost,ip:127.0.0.1", "-1d");
    }

    /** One that is valid today, but for a host elsewhere. */
    public static Certificate ofAnotherMachine(Path directory) {
        return of(directory, "san=dns:elsewhere.example", "-1d");
    }

    /** One for this machine that was valid until yesterday. */
    public static Certificate ofYesterday(Path directory) {
        return of(directory, "san=dns:localhost,ip:127.0.0.1", "-31d");
    }

    private static Certificate of(Path directory, String names, String start) {
        try {
            Path own = Files.createTempDirectory(directory, "certificate");
            Path both = own.resolve("both.p12");
            Commands.run(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-alias",
                    "server",
                    "-keyalg",
                    "EC",
                    "-groupname",
                    "secp256r1",
                    "-dname",
                    "CN=localhost",
                    "-ext",
                    names,
                    "-startdate",
                    start,
                    "-validity",
                    "30",
                    "-storetype",
                    "PKCS12",
                    "-keystore",
                    both.toString(),
                    "-storepass",
                    STORE_PASSWORD));
            KeyStore store = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(both)) {
                store.load(in, STORE_PASSWORD.toCharArray());
            }
            return write(own, store);
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        } catch (GeneralSecurityException cause) {
            throw new IllegalStateException("The JDK could not make a certificate.", cause);
        }
    }

    private static Certificate write(Path directory, KeyStore store) throws IOException, GeneralSecurityException {
        Path pem = directory.resolve("certificate.pem");
        Files.writeString(pem, pem("CERTIFICATE", store.getCertificate("server").getEncoded()));
        Path key = directory.resolve("key.pem");
        byte[] encoded = store.getKey("server", STORE_PASSWORD.toCharArray()).getEncoded();
        Files.writeString(key, pem("PRIVATE KEY", encoded));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));

        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("server", store.getCertificate("server"));
        Path trustStore = directory.resolve("trusted.p12");
        try (var out = Files.newOutputStream(trustStore)) {
            trusted.store(out, STORE_PASSWORD.toCharArray());
        }
        return new Certificate(pem, key, trustStore);
    }

    private static String pem(String what, byte[] encoded) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
        return "-----BEGIN " + what + "-----\n" + base64 + "\n-----END " + what + "-----\n";
    }
}
