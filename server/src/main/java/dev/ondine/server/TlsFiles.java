package dev.ondine.server;

import io.helidon.common.tls.Tls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The identity of a server that encrypts.
 *
 * @param certificates PEM file: its certificate first, then those that vouch for it
 * @param key PEM file of its private key, PKCS #8, not encrypted
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7468">RFC 7468, PEM</a>
 */
public record TlsFiles(Path certificates, Path key) {

    private static final int MOST_BYTES = 1_000_000;
    private static final Pattern PKCS8 = Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    Tls tls() {
        return Tls.builder().privateKey(privateKey()).privateKeyCertChain(chain()).enabledProtocols(List.of("TLSv1.3")).build();
    }

    private List<X509Certificate> chain() {
        try {
            List<X509Certificate> chain = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(bytes(certificates)))
                    .stream().map(X509Certificate.class::cast).toList();
            if (chain.isEmpty()) {
                throw new IllegalArgumentException(certificates + ": holds no certificate, expected -----BEGIN CERTIFICATE-----");
            }
            return chain;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(certificates + ": holds no readable certificate: " + e.getMessage(), e);
        }
    }

    private PrivateKey privateKey() {
        Matcher pem = PKCS8.matcher(new String(bytes(key), StandardCharsets.US_ASCII));
        if (!pem.find()) {
            throw new IllegalArgumentException(key + ": holds no private key in PKCS #8, expected -----BEGIN PRIVATE KEY-----; "
                    + "openssl pkcs8 -topk8 -nocrypt converts it");
        }
        var encoded = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1)));
        for (String algorithm : List.of("EC", "RSA", "EdDSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
            } catch (InvalidKeySpecException e) {
                // It is of the next kind, or of none.
                continue;
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("this JVM has no " + algorithm + " keys", e);
            }
        }
        throw new IllegalArgumentException(key + ": its private key is neither EC, RSA nor EdDSA");
    }

    private static byte[] bytes(Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new IllegalArgumentException(file + ": is longer than " + MOST_BYTES + " bytes, expected a PEM file");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new IllegalArgumentException(file + ": cannot be read; check the path", e);
        }
    }
}
