// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.servers;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * The certificate of a server, made by the JDK's own tool.
 *
 * @param pem the certificate
 * @param key its private key, for its owner's eyes
 * @param authority who signed it: itself, unless it says otherwise; whoever trusts this trusts the server
 * @param trustStore the authority as a key store of Java, PKCS 12, with the password {@value #STORE_PASSWORD}
 */
public record Certificate(Path pem, Path key, Path authority, Path trustStore) {

    public static final String STORE_PASSWORD = "changeit";

    private static final String THIS_MACHINE = "san=dns:localhost,ip:127.0.0.1";
    private static final String ALIAS = "server";

    /** One for this machine, valid today. */
    public static Certificate ofThisMachine(Path directory) {
        return make(directory, own -> signedByItself(own, THIS_MACHINE));
    }

    /** One that is valid today, but for a host elsewhere. */
    public static Certificate ofAnotherMachine(Path directory) {
        return make(directory, own -> signedByItself(own, "san=dns:elsewhere.example"));
    }

    /** One for this machine that was valid until yesterday, signed by an authority that is valid. */
    public static Certificate ofYesterday(Path directory) {
        return make(directory, own -> {
            Path authority = keyPair(own, "authority", "bc:c");
            Path server = keyPair(own, ALIAS, THIS_MACHINE);
            Path request = own.resolve("request.pem");
            keytool(server, "-certreq", "-file", request.toString());
            Path signed = own.resolve("signed.der");
            keytool(
                    authority,
                    "-gencert",
                    "-infile",
                    request.toString(),
                    "-outfile",
                    signed.toString(),
                    "-ext",
                    THIS_MACHINE,
                    "-startdate",
                    "-31d",
                    "-validity",
                    "30");
            return write(own, read(signed), load(server), load(authority).getCertificate(ALIAS));
        });
    }

    @FunctionalInterface
    private interface Making {
        Certificate in(Path own) throws IOException, GeneralSecurityException;
    }

    private static Certificate make(Path directory, Making making) {
        try {
            return making.in(Files.createTempDirectory(directory, "certificate"));
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        } catch (GeneralSecurityException cause) {
            throw new IllegalStateException("The JDK could not make a certificate.", cause);
        }
    }

    private static Certificate signedByItself(Path own, String names) throws IOException, GeneralSecurityException {
        KeyStore store = load(keyPair(own, ALIAS, names));
        return write(own, store.getCertificate(ALIAS), store, store.getCertificate(ALIAS));
    }

    private static Path keyPair(Path own, String name, String extension) {
        Path store = own.resolve(name + ".p12");
        keytool(
                store,
                "-genkeypair",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=" + name,
                "-ext",
                extension,
                "-startdate",
                "-1d",
                "-validity",
                "30");
        return store;
    }

    private static void keytool(Path store, String... what) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(what));
        command.addAll(List.of(
                "-alias", ALIAS, "-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", STORE_PASSWORD));
        Commands.run(command);
    }

    private static KeyStore load(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, STORE_PASSWORD.toCharArray());
        }
        return store;
    }

    private static java.security.cert.Certificate read(Path file) throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(file)) {
            return CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    private static Certificate write(
            Path own,
            java.security.cert.Certificate certificate,
            KeyStore keys,
            java.security.cert.Certificate authority)
            throws IOException, GeneralSecurityException {
        Path pem = Files.writeString(own.resolve("certificate.pem"), pem("CERTIFICATE", certificate.getEncoded()));
        Path trusted = Files.writeString(own.resolve("authority.pem"), pem("CERTIFICATE", authority.getEncoded()));
        byte[] encoded = keys.getKey(ALIAS, STORE_PASSWORD.toCharArray()).getEncoded();
        Path key = Files.writeString(own.resolve("key.pem"), pem("PRIVATE KEY", encoded));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));

        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("authority", authority);
        Path trustStore = own.resolve("trusted.p12");
        try (OutputStream out = Files.newOutputStream(trustStore)) {
            store.store(out, STORE_PASSWORD.toCharArray());
        }
        return new Certificate(pem, key, trusted, trustStore);
    }

    private static String pem(String what, byte[] encoded) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
        return "-----BEGIN " + what + "-----\n" + base64 + "\n-----END " + what + "-----\n";
    }
}
