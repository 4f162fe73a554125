package dev.twinstream.app;

import dev.twinstream.app.broker.EmbeddedBroker;
import dev.twinstream.schemas.DeadLetter;
import dev.twinstream.schemas.Document;
import dev.twinstream.schemas.Encoding;
import dev.twinstream.schemas.Topic;
import dev.twinstream.schemas.TopicCatalogue;
import dev.twinstream.schemas.serde.AvroSerdes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.server.config.ServerLogConfigs;
import org.apache.kafka.streams.StreamsConfig;

/**
 * The production topology on the embedded broker: documents are sent, and when all is processed the
 * last verdict and cluster of each can be read.
 */
final class EmbeddedPipeline implements AutoCloseable {
  static final int PARTITIONS = 4;

  /**
   * How far behind now ingestion times begin, which count up a millisecond a row, so that documents
   * are ordered by line. Not yet so old that the broker forgets the producer.
   */
  private static final long BEHIND_NOW_MS = Duration.ofHours(12).toMillis();

  /** Rows of any number: their times may run ahead of the clock, and wait for the encoder long. */
  private static final String UNBOUNDED = Long.toString(Long.MAX_VALUE);

  private static final long LONGEST_WAIT_MS = Duration.ofDays(3650).toMillis();

  private static final long SEND_BUFFER_BYTES = 96L * 1024 * 1024;

  private final TemporaryFolder folder;
  private final EmbeddedBroker broker;
  private final TwinstreamConfig config;
  private final int maxMessageBytes;
  private final StreamsRunner runner;
  private final Admin admin;
  private final Serde<Document> documents;
  private final KafkaProducer<byte[], byte[]> producer;
  private final KafkaConsumer<byte[], byte[]> outputs;
  private final PipelineResults kept;
  private final Consumer<DeadLetter> deadLetterHandler;
  private final AtomicReference<Exception> sendFailure = new AtomicReference<>();
  private long nextTime = System.currentTimeMillis() - BEHIND_NOW_MS;
  private long received;

  private EmbeddedPipeline(
      TemporaryFolder folder,
      EmbeddedBroker broker,
      TwinstreamConfig config,
      StreamsRunner runner,
      Consumer<DeadLetter> deadLetterHandler)
      throws IOException {
    this.folder = folder;
    this.broker = broker;
    this.config = config;
    this.maxMessageBytes = TopicOptions.maxMessageBytes(config);
    this.runner = runner;
    this.deadLetterHandler = deadLetterHandler;
    Map<String, Object> client =
        Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers());
    admin = Admin.create(client);
    documents = AvroSerdes.ofValues(Document.class, config.originals());
    Map<String, Object> sending = new HashMap<>(client);
    sending.put(ProducerConfig.LINGER_MS_CONFIG, 20);
    sending.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 * 1024);
    sending.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    sending.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, maxMessageBytes);
    sending.put(
        ProducerConfig.BUFFER_MEMORY_CONFIG, Math.max(SEND_BUFFER_BYTES, (long) maxMessageBytes));
    producer = new KafkaProducer<>(sending, new ByteArraySerializer(), new ByteArraySerializer());
    outputs = committedReader(client);
    outputs.assign(outputPartitions());
    outputs.seekToBeginning(outputs.assignment());
    kept = new PipelineResults(folder.path());
  }

  /**
   * Starts broker and application in a temporary folder, which lies in that of {@code state.dir}
   * where one is named.
   *
   * @param overrides options of {@link TwinstreamConfig} that differ from their defaults
   * @throws org.apache.kafka.common.config.ConfigException where one of them cannot be used; then
   *     nothing was started
   */
  static EmbeddedPipeline start(
      Map<String, String> overrides, Consumer<DeadLetter> deadLetterHandler)
      throws IOException, InterruptedException {
    Map<String, String> properties = new HashMap<>();
    properties.put(TwinstreamConfig.BOOTSTRAP_SERVERS, "none.is.used:1");
    properties.put(TwinstreamConfig.PARTITIONS, Integer.toString(PARTITIONS));
    properties.put(TwinstreamConfig.SCHEMA_REGISTRY_URL, "mock://" + UUID.randomUUID());
    // The broker takes a transaction's first batch on a partition only after asking its
    // coordinator:
    // on loopback a second one overtakes it, and is refused and sent again.
    properties.put(
        StreamsConfig.producerPrefix(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION), "1");
    properties.put(Erasure.MAX_AGE_MS, Long.toString(LONGEST_WAIT_MS));
    properties.putAll(overrides);
    properties.put(TwinstreamConfig.DOCUMENTS_FORMAT, "avro"); // what this class sends
    // How far ahead a time is, is to be told from now, as by a user's own ingestion.
    long future = new TwinstreamConfig(properties).getLong(TwinstreamConfig.MAX_FUTURE_MS);
    properties.put(
        TwinstreamConfig.MAX_FUTURE_MS,
        Long.toString(Math.min(future, Long.MAX_VALUE - BEHIND_NOW_MS) + BEHIND_NOW_MS));
    StreamsRunner.check(new TwinstreamConfig(properties));
    String parent = overrides.get(TwinstreamConfig.STATE_DIR);
    TemporaryFolder folder =
        TemporaryFolder.create(parent == null ? null : Path.of(parent), "twinstream-");
    EmbeddedBroker broker = null;
    StreamsRunner runner = null;
    try {
      broker =
          EmbeddedBroker.start(
              folder.path().resolve("broker"),
              Map.of(ServerLogConfigs.LOG_MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG, UNBOUNDED));
      properties.put(TwinstreamConfig.BOOTSTRAP_SERVERS, broker.bootstrapServers());
      properties.put(TwinstreamConfig.STATE_DIR, folder.path().resolve("state").toString());
      TwinstreamConfig config = new TwinstreamConfig(properties);
      runner = StreamsRunner.start(config);
      return new EmbeddedPipeline(folder, broker, config, runner, deadLetterHandler);
    } catch (IOException | RuntimeException | InterruptedException e) {
      Utils.closeQuietly(runner, "application");
      Utils.closeQuietly(broker, "broker");
      Utils.closeQuietly(folder, "temporary folder");
      throw e;
    }
  }

  /** The configuration that it runs under, defaults of this class included. */
  TwinstreamConfig config() {
    return config;
  }

  /** The folder that goes with it. */
  Path folder() {
    return folder.path();
  }

  /** Sends the next document of those that are ordered by line, see the other method. */
  Optional<String> send(Document document) throws IOException {
    return send(document, nextTime++);
  }

  /**
   * Sends a document, unless it is too large.
   *
   * @param ingestionTime milliseconds since 1970; grows from document to document
   * @return why it was not sent; empty where it was
   * @throws IOException where the broker has refused one before
   */
  Optional<String> send(Document document, long ingestionTime) throws IOException {
    failWhereOneWasRefused();
    String topic = runner.topics().documents().name();
    byte[] key = document.getId().getBytes(StandardCharsets.UTF_8);
    byte[] value = documents.serializer().serialize(topic, document);
    long size = (long) key.length + value.length;
    int most = maxMessageBytes - TopicCatalogue.RECORD_OVERHEAD;
    if (size > most) {
      return Optional.of(
          "document "
              + document.getId()
              + " has "
              + size
              + " bytes; at most "
              + most
              + " can be sent: shorten it");
    }
    producer.send(
        new ProducerRecord<>(topic, null, ingestionTime, key, value),
        (metadata, error) -> {
          if (error != null) {
            sendFailure.compareAndSet(null, error);
          }
        });
    return Optional.empty();
  }

  /**
   * Waits until everything sent is processed.
   *
   * @param progress told the number of results received so far
   */
  void awaitIdle(LongConsumer progress) throws IOException, InterruptedException {
    producer.flush();
    failWhereOneWasRefused();
    Map<String, Object> client =
        Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers());
    try (KafkaConsumer<byte[], byte[]> probe = committedReader(client)) {
      Quiescence quiescence =
          new Quiescence(
              admin, probe, runner.sourcesByGroup(), outputs().stream().map(Topic::name).toList());
      while (!quiescence.look()) {
        runner.rethrow();
        receive(Duration.ofMillis(150));
        progress.accept(received);
      }
    }
    Map<TopicPartition, Long> ends = outputs.endOffsets(outputs.assignment());
    while (ends.entrySet().stream().anyMatch(e -> outputs.position(e.getKey()) < e.getValue())) {
      receive(Duration.ofMillis(100));
    }
    progress.accept(received);
  }

  private void failWhereOneWasRefused() throws IOException {
    Exception failure = sendFailure.get();
    if (failure != null) {
      throw new IOException("a document could not be sent: " + failure.getMessage(), failure);
    }
  }

  /** What it has published so far; complete once it is idle. */
  PipelineResults results() {
    return kept;
  }

  /** Visits the encodings of the documents that are there. */
  void forEachEncoding(Consumer<Encoding> visitor) {
    Topic<String, Encoding> topic = runner.topics().encodings();
    Map<String, Encoding> last = new LinkedHashMap<>();
    try (KafkaConsumer<byte[], byte[]> reader =
        committedReader(
            Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()))) {
      List<TopicPartition> partitions = partitionsOf(reader, topic);
      reader.assign(partitions);
      reader.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = reader.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> reader.position(p) < ends.get(p))) {
        for (ConsumerRecord<byte[], byte[]> record : reader.poll(Duration.ofMillis(100))) {
          last.put(
              Utils.utf8(record.key()),
              topic.valueSerde().deserializer().deserialize(topic.name(), record.value()));
        }
      }
    }
    last.values().stream().filter(Objects::nonNull).forEach(visitor);
  }

  private static List<TopicPartition> partitionsOf(
      KafkaConsumer<byte[], byte[]> consumer, Topic<?, ?> topic) {
    return consumer.partitionsFor(topic.name()).stream()
        .map(info -> new TopicPartition(info.topic(), info.partition()))
        .toList();
  }

  private void receive(Duration wait) throws IOException {
    TopicCatalogue topics = runner.topics();
    for (ConsumerRecord<byte[], byte[]> record : outputs.poll(wait)) {
      String topic = record.topic();
      if (topic.equals(topics.nearDuplicates().name())) {
        received++;
        kept.putVerdict(
            Utils.utf8(record.key()),
            topics.nearDuplicates().valueSerde().deserializer().deserialize(topic, record.value()));
      } else if (topic.equals(topics.clusterMembers().name())) {
        kept.putMember(
            Utils.utf8(record.key()),
            topics.clusterMembers().valueSerde().deserializer().deserialize(topic, record.value()));
      } else if (topic.equals(topics.clusters().name())) {
        kept.putCluster(
            Utils.utf8(record.key()),
            topics.clusters().valueSerde().deserializer().deserialize(topic, record.value()));
      } else {
        deadLetterHandler.accept(
            topics.deadLetters().valueSerde().deserializer().deserialize(topic, record.value()));
      }
    }
  }

  private List<Topic<?, ?>> outputs() {
    TopicCatalogue topics = runner.topics();
    return List.of(
        topics.nearDuplicates(), topics.clusterMembers(), topics.clusters(), topics.deadLetters());
  }

  private List<TopicPartition> outputPartitions() {
    return outputs().stream().flatMap(topic -> partitionsOf(outputs, topic).stream()).toList();
  }

  private static KafkaConsumer<byte[], byte[]> committedReader(Map<String, Object> client) {
    Map<String, Object> reading = new HashMap<>(client);
    reading.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    reading.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    return new KafkaConsumer<>(reading, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  @Override
  public void close() throws IOException {
    producer.close(Duration.ofSeconds(10));
    outputs.close();
    runner.close();
    admin.close(Duration.ofSeconds(5));
    kept.close();
    broker.close();
    folder.close();
  }
}
