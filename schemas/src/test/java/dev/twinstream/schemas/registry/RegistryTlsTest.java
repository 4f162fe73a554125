package dev.twinstream.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A registry over TLS that wants a certificate of its clients. */
class RegistryTlsTest {
  private static final String PASSWORD = "store-secret";
  private static final Schema SCHEMA = SchemaBuilder.builder().longType();

  @TempDir Path folder;
  private HttpsServer server;

  @BeforeEach
  void start() throws Exception {
    makeKeys();
    DefaultSslEngineFactory tls = new DefaultSslEngineFactory();
    Map<String, Object> options = new ConfigDef().withClientSslSupport().parse(stores(""));
    tls.configure(options);
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(wantingCertificates(tls.sslContext()));
    server.createContext(
        "/",
        exchange -> {
          byte[] body = "{\"id\":7}".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private static HttpsConfigurator wantingCertificates(SSLContext context) {
    return new HttpsConfigurator(context) {
      @Override
      public void configure(HttpsParameters parameters) {
        SSLParameters wanted = getSSLContext().getDefaultSSLParameters();
        wanted.setNeedClientAuth(true);
        parameters.setSSLParameters(wanted);
      }
    };
  }

  private void makeKeys() throws IOException, InterruptedException {
    Path log = folder.resolve("keytool.log");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "registry",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                folder.resolve("keys.p12").toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    assertThat(keytool.waitFor()).as(Files.readString(log)).isZero();
  }

  private Map<String, String> stores(String prefix) {
    String file = folder.resolve("keys.p12").toString();
    return Map.of(
        prefix + "ssl.keystore.location", file,
        prefix + "ssl.keystore.password", PASSWORD,
        prefix + "ssl.keystore.type", "PKCS12",
        prefix + "ssl.truststore.location", file,
        prefix + "ssl.truststore.password", PASSWORD,
        prefix + "ssl.truststore.type", "PKCS12");
  }

  private HttpSchemaRegistryClient client(String... without) {
    Map<String, String> config = new HashMap<>(stores("schema.registry."));
    for (String part : without) {
      config.keySet().removeIf(key -> key.contains(part));
    }
    config.put("schema.registry.url", "https://127.0.0.1:" + server.getAddress().getPort());
    return new HttpSchemaRegistryClient(new RegistryConfig(config), millis -> {});
  }

  @Test
  void shouldShowAndCheckCertificates() {
    assertThat(client().register("t-value", SCHEMA)).isEqualTo(7);
    assertUnreachable(client("truststore"));
    assertUnreachable(client("keystore"));
  }

  private static void assertUnreachable(HttpSchemaRegistryClient client) {
    assertThatExceptionOfType(SchemaRegistryException.class)
        .isThrownBy(() -> client.register("t-value", SCHEMA))
        .matches(e -> !e.getMessage().contains(PASSWORD));
  }
}
