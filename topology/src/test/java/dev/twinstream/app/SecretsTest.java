package dev.twinstream.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {
  @TempDir Path folder;

  private static String resolved(String value) {
    return Secrets.resolve(Map.of("some.password", value)).get("some.password");
  }

  @Test
  void shouldTakeValuesFromFilesAndTheEnvironment() throws IOException {
    Path properties = folder.resolve("secrets.properties");
    Files.writeString(properties, "kafka=a$1\\\\b\nlike=${env:PATH}\n");
    Files.writeString(folder.resolve("token"), "t0ken");

    assertThat(resolved("${env:PATH}")).isEqualTo(System.getenv("PATH"));
    assertThat(resolved("password=\"${file:" + properties + ":kafka}\";"))
        .isEqualTo("password=\"a$1\\b\";");
    assertThat(resolved("${dir:" + folder + ":token}-${dir:" + folder + ":token}"))
        .isEqualTo("t0ken-t0ken");
    assertThat(resolved("${file:" + properties + ":like}")).isEqualTo("${env:PATH}");
    assertThat(resolved("${other:thing}")).isEqualTo("${other:thing}");
  }

  @Test
  void shouldEscapeWhatStandsBetweenTheQuotesOfALogin() throws IOException {
    Files.writeString(folder.resolve("password"), "pa\"ss\\w;\n");
    String login = "a.Login required password=\"${dir:" + folder + ":password}\";";
    Map<String, String> options = Secrets.resolve(Map.of("admin.sasl.jaas.config", login));
    assertThat(options)
        .containsEntry("admin.sasl.jaas.config", "a.Login required password=\"pa\\\"ss\\\\w;\";");
    KafkaOptions.check(options);
    assertThat(
            JaasContext.loadClientContext(
                    Map.of("sasl.jaas.config", new Password(options.get("admin.sasl.jaas.config"))))
                .configurationEntries()
                .get(0)
                .getOptions())
        .hasToString("{password=pa\"ss\\w;}");
  }

  @Test
  void shouldNotShowALoginThatCannotBeRead() {
    String login = "a.Login required password=pa\"ss3cret tail;";
    KafkaOptions.check(Map.of("sasl.jaas.config", "${vault:kafka:login}"));
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> KafkaOptions.check(Map.of("sasl.jaas.config", login)))
        .withMessageStartingWith("sasl.jaas.config cannot be read")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("ss3cret", "tail"));
  }

  @Test
  void shouldNameTheOptionAndThePlaceOfAMissingOne() {
    assertMissing("${env:NO_SUCH_THING}", "${env:NO_SUCH_THING}");
    assertMissing("${dir:" + folder + ":none}", "nothing at ${dir:");
    assertMissing("${file:" + folder.resolve("none") + ":key}", "none");
  }

  private static void assertMissing(String value, String part) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> resolved(value))
        .withMessageStartingWith("some.password: ")
        .withMessageContaining(part);
  }
}
