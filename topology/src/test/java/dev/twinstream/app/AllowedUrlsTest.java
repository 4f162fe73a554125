package dev.twinstream.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.common.security.oauthbearer.internals.secured.ConfigurationUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The issuers of OAuth tokens that Kafka's clients may ask, once a configuration is read. */
class AllowedUrlsTest {
  private static final String TOKENS = "sasl.oauthbearer.token.endpoint.url";
  private static final String KEYS = "sasl.oauthbearer.jwks.endpoint.url";

  @TempDir Path folder;
  private String before;

  @BeforeEach
  void clear() {
    before = System.clearProperty(AllowedUrls.PROPERTY);
  }

  @AfterEach
  void restore() {
    System.clearProperty(AllowedUrls.PROPERTY);
    if (before != null) {
      System.setProperty(AllowedUrls.PROPERTY, before);
    }
  }

  private TwinstreamConfig read(String... lines) throws IOException {
    Path file = folder.resolve("twinstream.properties");
    Files.writeString(file, "bootstrap.servers=localhost:1\n" + String.join("\n", lines));
    return Cluster.read(file);
  }

  @Test
  void shouldAllowTheIssuersThatTheFileNames() throws IOException {
    TwinstreamConfig config =
        read(
            TOKENS + "=https://issuer/token ",
            KEYS + "=https://issuer/keys",
            "admin." + TOKENS + "=https://other/token",
            "main.consumer." + TOKENS + "=https://issuer/token",
            "bearer.auth.issuer.endpoint.url=https://registrys/token");

    assertThat(System.getProperty(AllowedUrls.PROPERTY))
        .isEqualTo(
            "https://issuer/keys,https://issuer/token,https://other/token,https://registrys/token");
    assertThatCode(() -> new ConfigurationUtils(config.originals()).validateUrl(TOKENS))
        .as("Kafka takes it")
        .doesNotThrowAnyException();
  }

  @Test
  void shouldLeaveWhatTheUserAllows() throws IOException {
    System.setProperty(AllowedUrls.PROPERTY, "https://mine");
    read(TOKENS + "=https://issuer/token");
    assertThat(System.getProperty(AllowedUrls.PROPERTY)).isEqualTo("https://mine");
  }

  @Test
  void shouldAllowNothingWhereNoIssuerIsNamed() throws IOException {
    read();
    assertThat(System.getProperty(AllowedUrls.PROPERTY)).isNull();
  }
}
