package dev.twinstream.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code run} says of a registry that nobody else can ask; no broker is reached. */
class RunCommandTest {
  @TempDir Path folder;

  private static TwinstreamConfig config(Map<String, String> more) {
    Map<String, String> options = new HashMap<>(more);
    options.put(TwinstreamConfig.BOOTSTRAP_SERVERS, "localhost:1");
    return new TwinstreamConfig(options);
  }

  @Test
  void shouldRefuseToRunWithoutARegistry() throws Exception {
    Path file = folder.resolve("twinstream.properties");
    Files.writeString(file, "bootstrap.servers=localhost:1\n");
    assertThat(Cluster.failure(new RunCommand(), "--config", file.toString()))
        .startsWith("schema.registry.url is missing: name the schema registry")
        .doesNotContain("\n");
  }

  @Test
  void shouldWarnOfARegistryInThisProcess() {
    assertThat(RegistryOptions.warning(config(Map.of("schema.registry.url", "mock://mine"))))
        .hasValueSatisfying(
            warning -> assertThat(warning).startsWith("schema.registry.url is mock://mine: its"));
  }

  @Test
  void shouldShowNoPasswordBesideARegistryInThisProcess() {
    assertThat(
            RegistryOptions.warning(
                config(Map.of("schema.registry.url", "mock://mine,http://ann:secret@r:8081"))))
        .hasValueSatisfying(warning -> assertThat(warning).doesNotContain("secret"));
  }

  /** Confluent's client takes mock:// for a registry of its own in memory. */
  @Test
  void shouldGiveAnotherSerdeNoRegistryThatWasNotNamed() {
    TwinstreamConfig bare = config(Map.of("avro.serde.class", "other.Serde"));
    assertThat(bare.registry()).doesNotContainKey("schema.registry.url");
    assertThat(RegistryOptions.compatibilityOrNull(bare)).isNull();
    assertThat(config(Map.of()).registry())
        .containsEntry("schema.registry.url", "mock://twinstream");
  }

  @Test
  void shouldSayNothingOfARegistryOrAnotherSerde() {
    assertThat(RegistryOptions.warning(config(Map.of("schema.registry.url", "http://r:8081"))))
        .isEmpty();
    assertThat(RegistryOptions.warning(config(Map.of("avro.serde.class", "other.Serde"))))
        .isEmpty();
  }
}
