package dev.twinstream.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.apache.kafka.common.acl.AclOperation.CREATE;
import static org.apache.kafka.common.acl.AclOperation.DELETE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;
import static org.apache.kafka.common.resource.ResourceType.GROUP;
import static org.apache.kafka.common.resource.ResourceType.TOPIC;
import static org.apache.kafka.common.resource.ResourceType.TRANSACTIONAL_ID;
import static org.assertj.core.api.Assertions.assertThat;

import dev.twinstream.schemas.DeadLetter;
import dev.twinstream.schemas.Topic;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each command as a user who has the rights that README.md's table gives it, and no others. */
class CommandRightsTest {
  private static final List<String> OUTPUTS =
      List.of(
          "near-duplicates",
          "cluster-members",
          "clusters",
          "encodings",
          "check-results",
          "documents-dlq");

  @TempDir static Path shared;
  private static SecuredBroker broker;

  @TempDir Path folder;
  private String application = "guarded";
  private Path admin;

  /** The rights of one user. */
  private static final class Rights {
    private final String user;
    private final List<AclBinding> bindings = new ArrayList<>();

    Rights(String user) {
      this.user = user;
    }

    Rights on(ResourceType type, String name, AclOperation... operations) {
      PatternType pattern = name.endsWith("-") ? PatternType.PREFIXED : PatternType.LITERAL;
      return on(type, name, pattern, operations);
    }

    Rights on(ResourceType type, String name, PatternType pattern, AclOperation... operations) {
      for (AclOperation operation : operations) {
        bindings.add(
            new AclBinding(
                new ResourcePattern(type, name, pattern),
                new AccessControlEntry("User:" + user, "*", operation, AclPermissionType.ALLOW)));
      }
      return this;
    }

    Rights onOutputs(AclOperation... operations) {
      OUTPUTS.forEach(output -> on(TOPIC, output, operations));
      return this;
    }
  }

  @BeforeAll
  static void start() throws Exception {
    broker = new SecuredBroker(shared);
  }

  @AfterAll
  static void stop() throws IOException {
    broker.close();
  }

  @BeforeEach
  void makeTopics() throws Exception {
    admin = config("admin", broker.admin());
    assertThat(Cluster.execute(new TopicsCommand(), "apply", "--config", admin.toString()))
        .isZero();
  }

  private Path config(String user, Map<String, String> client) throws IOException {
    Map<String, String> options = new HashMap<>(client);
    options.put(TwinstreamConfig.APPLICATION_ID, application);
    options.put(TwinstreamConfig.SCHEMA_REGISTRY_URL, "mock://guarded");
    options.put(TwinstreamConfig.PARTITIONS, "2");
    options.put(TwinstreamConfig.BUNDLE, TwinstreamConfig.NO_ENCODER);
    options.put(TwinstreamConfig.STATE_DIR, folder.resolve("state").toString());
    List<String> lines = options.entrySet().stream().map(Object::toString).toList();
    return Files.write(folder.resolve(user + ".properties"), lines);
  }

  /** The configuration of a new user with these rights. */
  private String grant(Rights rights) throws Exception {
    broker.addUser(rights.user, "s3cret", rights.bindings);
    return config(rights.user, broker.client(rights.user, "s3cret")).toString();
  }

  /** As an application that has run leaves it. */
  private void makeGroup() throws Exception {
    Map<String, Object> options = new HashMap<>(broker.admin());
    options.put("group.id", application);
    ByteArrayDeserializer bytes = new ByteArrayDeserializer();
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(options, bytes, bytes)) {
      consumer.commitSync(Map.of(new TopicPartition("documents", 0), new OffsetAndMetadata(0)));
    }
    assertThat(groups()).contains(application);
  }

  private List<String> groups() throws Exception {
    try (Admin client = new ClusterClients(Cluster.read(admin)).admin()) {
      return client.listGroups().all().get().stream().map(GroupListing::groupId).toList();
    }
  }

  private Set<String> topics() throws Exception {
    try (Admin client = new ClusterClients(Cluster.read(admin)).admin()) {
      return new Topics(client).existing();
    }
  }

  private void refuse(String document) throws Exception {
    TwinstreamConfig options = Cluster.read(admin);
    Topic<String, DeadLetter> letters =
        new Application(options, 1 << 20, null).topics().deadLetters();
    ByteBuffer original = ByteBuffer.wrap(document.getBytes(UTF_8));
    DeadLetter letter =
        new DeadLetter("documents", 0, 7L, "refused", null, original, (long) document.length());
    byte[] value = letters.valueSerde().serializer().serialize(letters.name(), letter);
    try (KafkaProducer<byte[], byte[]> producer = new ClusterClients(options).producer(Map.of())) {
      producer.send(new ProducerRecord<>(letters.name(), value)).get();
    }
  }

  @Test
  void shouldMakeTopics() throws Exception {
    String maker = grant(new Rights("maker").on(TOPIC, "*", CREATE, DESCRIBE, DESCRIBE_CONFIGS));
    String[] command = {
      "apply", "--config", maker, "--set", "application.id=made", "--set", "clusters.topic=made"
    };
    assertThat(Cluster.execute(new TopicsCommand(), command)).isZero();
    assertThat(topics()).contains("made", "made-parameters");
  }

  @Test
  void shouldLoad() throws Exception {
    String loader =
        grant(
            new Rights("loader")
                .on(TOPIC, "documents", WRITE, DESCRIBE_CONFIGS)
                .on(TOPIC, "checks", DESCRIBE)
                .on(TOPIC, "pair-marks", DESCRIBE)
                .onOutputs(DESCRIBE, DESCRIBE_CONFIGS)
                .on(TOPIC, "guarded-", DESCRIBE, DESCRIBE_CONFIGS));
    Path rows =
        Files.writeString(folder.resolve("rows.jsonl"), "{\"id\":\"loaded\",\"text\":\"one\"}\n");
    assertThat(
            Cluster.execute(
                new LoadCommand(), "--config", loader, "--input", rows.toString(), "--yes"))
        .isZero();
    assertThat(Cluster.records(admin, "documents"))
        .anyMatch(record -> new String(record.key(), UTF_8).equals("loaded"));
  }

  @Test
  void shouldAsk() throws Exception {
    String asker =
        grant(new Rights("asker").on(TOPIC, "checks", WRITE).on(TOPIC, "check-results", READ));
    assertThat(
            Cluster.failure(
                new CheckCommand(), "--config", asker, "--text", "one", "--timeout", "2"))
        .as("no application runs")
        .contains("1 of 1 texts have no answer");
    assertThat(Cluster.records(admin, "checks")).hasSize(1);
  }

  @Test
  void shouldMark() throws Exception {
    String marker = grant(new Rights("marker").on(TOPIC, "pair-marks", WRITE));
    assertThat(Cluster.execute(new MarkCommand(), "--config", marker, "a", "b", "twins")).isZero();
    assertThat(Cluster.records(admin, "pair-marks")).hasSize(1);
  }

  @Test
  void shouldListAndReplayDeadLetters() throws Exception {
    refuse("{\"id\":\"refused\",\"text\":\"one\"}");
    String lister = grant(new Rights("lister").on(TOPIC, "documents-dlq", READ));
    assertThat(Cluster.execute(new DlqCommand(), "list", "--config", lister)).isZero();
    String replayer =
        grant(
            new Rights("replayer")
                .on(TOPIC, "documents-dlq", READ)
                .on(TOPIC, "documents", WRITE)
                .on(TOPIC, "guarded-dlq-replay", READ, WRITE, CREATE)
                .on(TRANSACTIONAL_ID, "guarded-dlq-replay", WRITE));
    for (int time = 1; time <= 2; time++) {
      assertThat(Cluster.execute(new DlqCommand(), "replay", "--config", replayer)).isZero();
      assertThat(Cluster.records(admin, "documents").stream())
          .filteredOn(record -> new String(record.value(), UTF_8).contains("refused"))
          .hasSize(1);
    }
  }

  @Test
  void shouldReset() throws Exception {
    makeGroup();
    String resetter =
        grant(
            new Rights("resetter")
                .on(GROUP, "guarded", PatternType.PREFIXED, DELETE)
                .on(TOPIC, "guarded-", DELETE)
                .on(TOPIC, "documents", DESCRIBE)
                .onOutputs(DELETE));
    assertThat(Cluster.execute(new ResetCommand(), "--config", resetter, "--outputs", "--yes"))
        .isZero();
    assertThat(topics())
        .contains("documents", "documents-dlq")
        .doesNotContain("guarded-parameters", "guarded-documents-by-id", "near-duplicates");
    assertThat(groups()).doesNotContain(application);
  }

  @Test
  void shouldMigrate() throws Exception {
    application = "moved"; // what it leaves is of no use to the other tests
    makeTopics();
    makeGroup();
    String migrator =
        grant(
            new Rights("migrator")
                .on(GROUP, "moved", PatternType.PREFIXED, DELETE)
                .on(TOPIC, "moved-", DELETE, CREATE, DESCRIBE_CONFIGS)
                .on(TOPIC, "documents", DESCRIBE)
                .on(TOPIC, "checks", DESCRIBE)
                .on(TOPIC, "pair-marks", DESCRIBE)
                .onOutputs(DESCRIBE, DESCRIBE_CONFIGS));
    assertThat(
            Cluster.execute(
                new MigrateCommand(), "--config", migrator, "--partitions", "3", "--yes"))
        .isZero();
    assertThat(groups()).doesNotContain(application);
    try (Admin client = new ClusterClients(Cluster.read(admin)).admin()) {
      assertThat(new Rebuild(Cluster.read(admin), client).partitions()).isEqualTo(3);
    }
  }
}
