package dev.twinstream.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.twinstream.schemas.Document;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The application as users run it, on a broker with TLS, certificates and passwords, with no right
 * but those that {@code topics plan --principal} shows.
 */
class SecurityTest {
  private static final String PASSWORD = "application-s3cret";
  private static final int PATIENCE_SECONDS = 180;

  @TempDir Path folder;

  private Path properties(String name, Map<String, String> client, Map<String, String> more)
      throws IOException {
    Map<String, String> options = new HashMap<>(client);
    options.put("application.id", "guarded");
    options.put("documents.topic", "guarded-in");
    options.put("schema.registry.url", "mock://guarded");
    options.put("internal.partitions", "2");
    options.put("encoder.bundle", Texts.FAST_MODEL);
    options.put("state.dir", folder.resolve("state").toString());
    options.putAll(more);
    List<String> lines = options.entrySet().stream().map(Object::toString).toList();
    return Files.write(folder.resolve(name), lines);
  }

  private static AclBinding right(String user, AclOperation operation, String topic) {
    return new AclBinding(
        new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL),
        new AccessControlEntry("User:" + user, "*", operation, AclPermissionType.ALLOW));
  }

  /** With the environment variable that the configuration names, and Kafka's log turned on. */
  private static Process launch(Path config, Path log) throws IOException {
    ProcessBuilder process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx700m",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=info",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "run",
                "--config",
                config.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    process.environment().put("TWINSTREAM_TEST_STORE", SecuredBroker.STORE_PASSWORD);
    return process.start();
  }

  @Test
  void shouldRunWithTheRightsThatItNamesAndShowNoSecret() throws Exception {
    Files.writeString(folder.resolve("secrets.properties"), "password=" + PASSWORD + "\n");
    try (SecuredBroker broker = new SecuredBroker(folder)) {
      Path admin = properties("admin.properties", broker.admin(), Map.of());
      TwinstreamConfig options = Cluster.read(admin);
      String fromFile = "${file:" + folder.resolve("secrets.properties") + ":password}";
      Path config =
          properties(
              "guarded.properties",
              broker.client("guarded", fromFile),
              Map.of(
                  "basic.auth.credentials.source", "USER_INFO",
                  "basic.auth.user.info", "ann:registry-s3cret",
                  "ssl.keystore.password", "${env:TWINSTREAM_TEST_STORE}",
                  "ssl.truststore.password", "${env:TWINSTREAM_TEST_STORE}"));
      broker.addUser("guarded", PASSWORD, List.of());
      TwinstreamConfig withoutRights =
          Cluster.read(
              properties(
                  "without.properties",
                  broker.client("guarded", PASSWORD),
                  Map.of("encoder.bundle", "none")));
      assertThatExceptionOfType(IllegalStateException.class)
          .as("without rights")
          .isThrownBy(() -> StreamsRunner.start(withoutRights))
          .withMessageContaining("topics plan --principal shows the rights")
          .matches(e -> !e.getMessage().contains("\n"), "one line");
      assertThat(Cluster.execute(new TopicsCommand(), "apply", "--config", admin.toString()))
          .isZero();
      broker.addUser("guarded", PASSWORD, Grants.of(options, "User:guarded"));
      Path granted = properties("granted.properties", broker.client("guarded", PASSWORD), Map.of());
      assertThat(Cluster.execute(new TopicsCommand(), "check", "--config", granted.toString()))
          .as("the rights are enough for a check, and for an apply where all is there")
          .isZero();
      broker.addUser(
          "author", "author-s3cret", List.of(right("author", AclOperation.WRITE, "guarded-in")));
      broker.addUser(
          "reader",
          "reader-s3cret",
          List.of(right("reader", AclOperation.READ, "near-duplicates")));

      Path log = folder.resolve("run.log");
      Process process = launch(config, log);
      try {
        Path author =
            properties("author.properties", broker.client("author", "author-s3cret"), Map.of());
        Document[] documents = {
          new Document("first", "one two three four five six", 1L, null, false),
          new Document("second", "one two three four five six", 2L, null, false)
        };
        Cluster.send(author, documents);
        Path reader =
            properties("reader.properties", broker.client("reader", "reader-s3cret"), Map.of());
        int found = 0;
        for (int left = PATIENCE_SECONDS; found < 2 && left > 0; left--) {
          assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
          TimeUnit.SECONDS.sleep(1);
          found = Cluster.records(reader, "near-duplicates").size();
        }
        assertThat(found).as("verdicts; %s", Files.readString(log)).isEqualTo(2);
      } finally {
        process.destroy();
        process.waitFor();
      }
      assertThat(Files.readString(log))
          .as("what Kafka says of its configuration is in it, secrets are not")
          .contains("sasl.mechanism = SCRAM-SHA-512", "running; reads guarded-in")
          .doesNotContain("s3cret");
    }
  }
}
