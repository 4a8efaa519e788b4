// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.redis;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.SslVerifyMode;

/** Connections that are encrypted to a server that has shown who it is: certificate and host name are always verified. */
final class Tls {

    private static final String STORE_TYPE = "PKCS12";
    private static final char[] NO_PASSWORD = {};

    private Tls() {}

    /**
     * Trusts what the JDK trusts, or the authorities in a file alone.
     *
     * @param authorities a file of certificates, PEM
     */
    static SslOptions verified(@Nullable String authorities) {
        SslOptions.Builder tls = SslOptions.builder().sslVerifyMode(SslVerifyMode.FULL);
        if (authorities != null) {
            byte[] trusted = trusting(authorities);
            tls.trustStoreType(STORE_TYPE).truststore(() -> new ByteArrayInputStream(trusted), NO_PASSWORD);
        }
        return tls.build();
    }

    /** A key store in memory, as the driver wants it. */
    private static byte[] trusting(String file) {
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            KeyStore trusted = KeyStore.getInstance(STORE_TYPE);
            trusted.load(null, null);
            Collection<? extends Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (certificates.isEmpty()) {
                throw new IllegalArgumentException(
                        "The file that cacert names holds no certificate. Give it in PEM form.");
            }
            for (Certificate certificate : certificates) {
                if (isValidNow((X509Certificate) certificate)) {
                    trusted.setCertificateEntry("authority" + trusted.size(), certificate);
                }
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            trusted.store(bytes, NO_PASSWORD);
            return bytes.toByteArray();
        } catch (IOException | InvalidPathException | GeneralSecurityException unreadable) {
            throw new IllegalArgumentException(
                    "The file that cacert names cannot be read as certificates in PEM form.", unreadable);
        }
    }

    /** Of what it is told to trust the JDK itself does not look at the dates. */
    private static boolean isValidNow(X509Certificate certificate) {
        Instant now = Instant.now();
        return !now.isBefore(certificate.getNotBefore().toInstant())
                && !now.isAfter(certificate.getNotAfter().toInstant());
    }
}
