package dev.twinstream.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twinstream.app.broker.EmbeddedBroker;
import dev.twinstream.schemas.Document;
import dev.twinstream.schemas.Topic;
import dev.twinstream.schemas.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.utils.Utils;
import picocli.CommandLine;

/** A real broker for tests of commands, and what those need around it. */
final class Cluster implements AutoCloseable {
  private final EmbeddedBroker broker;
  private final Path folder;

  Cluster(Path folder) throws IOException {
    this(folder, Map.of());
  }

  /**
   * @param overrides broker options
   */
  Cluster(Path folder, Map<String, String> overrides) throws IOException {
    this.folder = folder;
    this.broker = EmbeddedBroker.start(folder.resolve("broker"), overrides);
  }

  /** A properties file of an application without an encoder; its name is the application's id. */
  Path config(String id, Map<String, String> more) throws IOException {
    Map<String, String> options = new HashMap<>();
    options.put(TwinstreamConfig.BOOTSTRAP_SERVERS, broker.bootstrapServers());
    options.put(TwinstreamConfig.APPLICATION_ID, id);
    options.put(TwinstreamConfig.DOCUMENTS_TOPIC, id + "-in");
    options.put(TwinstreamConfig.SCHEMA_REGISTRY_URL, "mock://" + folder.getFileName());
    options.put(TwinstreamConfig.BUNDLE, TwinstreamConfig.NO_ENCODER);
    options.put(TwinstreamConfig.PARTITIONS, "2");
    options.put(TwinstreamConfig.STATE_DIR, folder.resolve("state").toString());
    // An application that is closed stays in its group until then, and its successor waits for it.
    options.put("session.timeout.ms", "6000");
    options.putAll(more);
    List<String> lines = options.entrySet().stream().map(Object::toString).toList();
    return Files.write(folder.resolve(id + ".properties"), lines);
  }

  static TwinstreamConfig read(Path file) throws IOException {
    ConfigFile config = new ConfigFile();
    config.file = file;
    return config.read();
  }

  void createTopic(String name, int partitions, Map<String, String> options) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      NewTopic topic = new NewTopic(name, Optional.of(partitions), Optional.empty());
      admin.createTopics(List.of(topic.configs(options))).all().get();
    }
  }

  /** An option of a topic as the broker has it. */
  static String option(TwinstreamConfig config, String topic, String name) throws Exception {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    try (Admin admin = new ClusterClients(config).admin()) {
      Map<ConfigResource, Config> found = admin.describeConfigs(List.of(resource)).all().get();
      return found.get(resource).get(name).value();
    }
  }

  static List<ConsumerRecord<byte[], byte[]>> records(Path config, String topic)
      throws IOException {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer = new ClusterClients(read(config)).consumer()) {
      TopicReader.forEach(consumer, topic, records::add);
    }
    return records;
  }

  /** Sends documents to the application's input in its format. */
  static void send(Path config, Document... documents) throws Exception {
    TwinstreamConfig options = read(config);
    String topic = options.getString(TwinstreamConfig.DOCUMENTS_TOPIC);
    DocumentWriter writer =
        DocumentWriter.of(options.getString(TwinstreamConfig.DOCUMENTS_FORMAT), options.registry());
    try (KafkaProducer<byte[], byte[]> producer = new ClusterClients(options).producer(Map.of())) {
      for (Document document : documents) {
        byte[] key = Utils.utf8(document.getId());
        producer.send(new ProducerRecord<>(topic, key, writer.value(topic, document))).get();
      }
    }
  }

  /** Waits until the application has processed all that its topics hold. */
  static void settle(Path config, StreamsRunner runner) throws Exception {
    ClusterClients clients = new ClusterClients(read(config));
    List<String> outputs =
        List.of(runner.topics().nearDuplicates().name(), runner.topics().answers().name());
    try (Admin admin = clients.admin();
        KafkaConsumer<byte[], byte[]> consumer = clients.consumer()) {
      Quiescence quiescence = new Quiescence(admin, consumer, runner.sourcesByGroup(), outputs);
      while (!quiescence.look()) {
        runner.rethrow();
        Thread.sleep(50);
      }
    }
  }

  /**
   * The last verdict of each document: its kind, the twin, and whether a user's word made it.
   *
   * @param passed published verdicts that are passed over, in the order of the broker's time
   */
  static Map<String, String> verdicts(Path config, int passed) throws IOException {
    Topic<String, Verdict> topic =
        new Application(read(config), 1 << 20, null).topics().nearDuplicates();
    List<ConsumerRecord<byte[], byte[]>> records = records(config, topic.name());
    records.sort(Comparator.comparingLong(ConsumerRecord::timestamp));
    Map<String, String> verdicts = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : records.subList(passed, records.size())) {
      Verdict verdict = topic.valueSerde().deserializer().deserialize(topic.name(), record.value());
      verdicts.put(
          Utils.utf8(record.key()),
          verdict.getVerdict()
              + " "
              + verdict.getDuplicateOf()
              + (verdict.getMarked() ? " marked" : ""));
    }
    return verdicts;
  }

  /** Runs a command as the launcher does, and answers its exit status. */
  static int execute(Object command, String... arguments) {
    return new CommandLine(command).execute(arguments);
  }

  /** Runs a command that fails, and answers the sentence that it fails with. */
  static String failure(Object command, String... arguments) {
    AtomicReference<String> sentence = new AtomicReference<>();
    CommandLine line = new CommandLine(command);
    line.setExecutionExceptionHandler(
        (error, failed, parsed) -> {
          sentence.set(error.getMessage());
          return 1;
        });
    assertThat(line.execute(arguments)).isEqualTo(1);
    return sentence.get();
  }

  @Override
  public void close() throws IOException {
    broker.close();
  }
}
