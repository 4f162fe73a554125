package dev.twinstream.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
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
