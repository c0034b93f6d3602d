package dev.ondine.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Encryption, with keys that the JDK's own tool makes. */
final class TlsTest {

    private static final char[] PASSWORD = "password".toCharArray();

    @TempDir
    private Path folder;

    private KeyStore store;

    @BeforeEach
    void makeKey() throws Exception {
        makeKey("EC", "-groupname", "secp256r1");
    }

    @ParameterizedTest
    @CsvSource({"EC, -groupname, secp256r1", "RSA, -keysize, 2048", "Ed25519, -validity, 2"})
    void encryptsWithTls13(String algorithm, String option, String value) throws Exception {
        makeKey(algorithm, option, value);
        try (var server = new TrialServer(TrialServer.OPTIONS.with(pem()))) {
            HttpResponse<String> answer = client("TLSv1.3").send(request(server), BodyHandlers.ofString());
            assertThat(answer.body()).contains("\"status\":\"ok\"");
            assertThat(answer.sslSession().orElseThrow().getProtocol()).isEqualTo("TLSv1.3");
        }
    }

    @Test
    void speaksNothingOlder() throws Exception {
        try (var server = new TrialServer(TrialServer.OPTIONS.with(pem()))) {
            assertThatThrownBy(() -> client("TLSv1.2").send(request(server), BodyHandlers.ofString()))
                    .isInstanceOf(SSLHandshakeException.class);
        }
    }

    @Test
    void noticesThatAClientHasGone() throws Exception {
        try (var server = new TrialServer(TrialServer.OPTIONS.with(pem()))) {
            HttpClient client = client("TLSv1.3");
            var answer = client.sendAsync(HttpRequest.newBuilder(URI.create(server.server().address() + "/v1/wait"))
                    .POST(HttpRequest.BodyPublishers.ofString("{}")).build(), BodyHandlers.ofString());
            while (server.server().working() == 0) {
                Thread.onSpinWait();
            }
            client.shutdownNow();
            assertThat(server.gone.await(20, TimeUnit.SECONDS)).isTrue();
            assertThatThrownBy(() -> answer.get(20, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class);
        }
    }

    @Test
    void saysWhatIsWrongWithItsFiles() throws Exception {
        TlsFiles files = pem();
        Path empty = Files.createFile(folder.resolve("empty"));

        assertThatIllegalArgumentException().isThrownBy(() -> new TlsFiles(files.certificates(), empty).tls())
                .withMessageContaining("PKCS #8");
        assertThatIllegalArgumentException().isThrownBy(() -> new TlsFiles(empty, files.key()).tls())
                .withMessageContaining("no certificate");
        assertThatIllegalArgumentException().isThrownBy(() -> new TlsFiles(folder.resolve("none"), files.key()).tls())
                .withMessageContaining("cannot be read");
    }

    private void makeKey(String algorithm, String option, String value) throws Exception {
        Path file = folder.resolve(algorithm + ".p12");
        Files.deleteIfExists(file);
        Process tool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias",
                "server",
                "-keyalg", algorithm, option, value, "-dname", "CN=localhost", "-ext", "san=dns:localhost,ip:127.0.0.1",
                "-keystore", file.toString(), "-storetype", "PKCS12", "-storepass", new String(PASSWORD)).redirectErrorStream(true).start();
        String output = new String(tool.getInputStream().readAllBytes());
        assertThat(tool.waitFor()).as(output).isZero();
        store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
    }

    private TlsFiles pem() throws Exception {
        Path certificate = folder.resolve("certificate.pem");
        Path key = folder.resolve("key.pem");
        Files.writeString(certificate, pem("CERTIFICATE", store.getCertificate("server").getEncoded()));
        Files.writeString(key, pem("PRIVATE KEY", store.getKey("server", PASSWORD).getEncoded()));
        return new TlsFiles(certificate, key);
    }

    private static String pem(String kind, byte[] bytes) {
        return "-----BEGIN " + kind + "-----\n" + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes)
                + "\n-----END " + kind + "-----\n";
    }

    private HttpClient client(String protocol) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("server", store.getCertificate("server"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext ssl = SSLContext.getInstance("TLS");
        ssl.init(null, trust.getTrustManagers(), null);
        var parameters = new SSLParameters();
        parameters.setProtocols(new String[] {protocol});
        return HttpClient.newBuilder().sslContext(ssl).sslParameters(parameters).build();
    }

    private static HttpRequest request(TrialServer server) {
        return HttpRequest.newBuilder(URI.create(server.server().address() + "/health")).build();
    }
}
