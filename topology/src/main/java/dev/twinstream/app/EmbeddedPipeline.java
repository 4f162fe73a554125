package dev.twinstream.app;

import dev.twinstream.app.broker.EmbeddedBroker;
import dev.twinstream.schemas.Cluster;
import dev.twinstream.schemas.ClusterMember;
import dev.twinstream.schemas.DeadLetter;
import dev.twinstream.schemas.Document;
import dev.twinstream.schemas.Encoding;
import dev.twinstream.schemas.Topic;
import dev.twinstream.schemas.TopicCatalogue;
import dev.twinstream.schemas.Verdict;
import dev.twinstream.schemas.serde.AvroSerdes;
import dev.twinstream.schemas.serde.BinaryAvroSerde;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
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
import org.apache.kafka.streams.StreamsConfig;

/**
 * The production topology on the embedded broker: documents are sent, and when all is processed the
 * last verdict and cluster of each can be read.
 */
final class EmbeddedPipeline implements AutoCloseable {
  static final int PARTITIONS = 4;

  /**
   * How far behind now ingestion times begin, which count up a millisecond a row, so that documents
   * are ordered by line. It leaves room below the broker's bound on times ahead, and is not yet so
   * old that the broker forgets the producer.
   */
  private static final long BEHIND_NOW_MS = Duration.ofHours(12).toMillis();

  private static final int MAX_DOCUMENT_BYTES =
      StreamsRunner.WANTED_MESSAGE_BYTES - TopicCatalogue.RECORD_OVERHEAD;

  private final TemporaryFolder folder;
  private final EmbeddedBroker broker;
  private final TwinstreamConfig config;
  private final StreamsRunner runner;
  private final Admin admin;
  private final Serde<Document> documents;
  private final KafkaProducer<byte[], byte[]> producer;
  private final KafkaConsumer<byte[], byte[]> results;
  private final ResultStore<Verdict> verdicts;
  private final ResultStore<ClusterMember> members;
  private final ResultStore<Cluster> clusters;

  /** Last results that a tombstone followed. */
  private final ResultStore<Verdict> expired;

  private final ResultStore<ClusterMember> expiredMembers;
  private final Consumer<DeadLetter> deadLetterHandler;
  private final AtomicReference<Exception> sendFailure = new AtomicReference<>();
  private final List<String> notGrown = new ArrayList<>();

  /** Ids whose last row was a delete. */
  private final Set<String> deleted = new HashSet<>();

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
    sending.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, StreamsRunner.WANTED_MESSAGE_BYTES);
    sending.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 96L * 1024 * 1024);
    producer = new KafkaProducer<>(sending, new ByteArraySerializer(), new ByteArraySerializer());
    results = committedReader(client);
    results.assign(outputPartitions());
    results.seekToBeginning(results.assignment());
    verdicts =
        new ResultStore<>(folder.path().resolve("verdicts"), new BinaryAvroSerde<>(Verdict.class));
    members =
        new ResultStore<>(
            folder.path().resolve("members"), new BinaryAvroSerde<>(ClusterMember.class));
    clusters =
        new ResultStore<>(folder.path().resolve("clusters"), new BinaryAvroSerde<>(Cluster.class));
    expired =
        new ResultStore<>(folder.path().resolve("expired"), new BinaryAvroSerde<>(Verdict.class));
    expiredMembers =
        new ResultStore<>(
            folder.path().resolve("expired-members"), new BinaryAvroSerde<>(ClusterMember.class));
  }

  /**
   * Starts broker and application in a temporary folder.
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
    properties.put(TwinstreamConfig.DOCUMENTS_FORMAT, "avro");
    properties.put(TwinstreamConfig.PARTITIONS, Integer.toString(PARTITIONS));
    properties.put(TwinstreamConfig.SCHEMA_REGISTRY_URL, "mock://" + UUID.randomUUID());
    // The broker takes a transaction's first batch on a partition only after asking its
    // coordinator:
    // on loopback a second one overtakes it, and is refused and sent again.
    properties.put(
        StreamsConfig.producerPrefix(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION), "1");
    properties.putAll(overrides);
    // How far ahead a time is, is to be told from now, as by a user's own ingestion.
    long future = new TwinstreamConfig(properties).getLong(TwinstreamConfig.MAX_FUTURE_MS);
    properties.put(
        TwinstreamConfig.MAX_FUTURE_MS,
        Long.toString(Math.min(future, Long.MAX_VALUE - BEHIND_NOW_MS) + BEHIND_NOW_MS));
    StreamsRunner.check(new TwinstreamConfig(properties));
    TemporaryFolder folder = TemporaryFolder.create("twinstream-");
    EmbeddedBroker broker = null;
    StreamsRunner runner = null;
    try {
      broker = EmbeddedBroker.start(folder.path().resolve("broker"), Map.of());
      properties.put(TwinstreamConfig.BOOTSTRAP_SERVERS, broker.bootstrapServers());
      properties.putIfAbsent(TwinstreamConfig.STATE_DIR, folder.path().resolve("state").toString());
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

  /** Sends the next document of those that are ordered by line, see the other method. */
  Optional<String> send(Document document) {
    return send(document, nextTime++);
  }

  /**
   * Sends a document, unless it is too large.
   *
   * @param ingestionTime milliseconds since 1970; grows from document to document
   * @return why it was not sent; empty where it was
   */
  Optional<String> send(Document document, long ingestionTime) {
    String topic = runner.topics().documents().name();
    byte[] key = document.getId().getBytes(StandardCharsets.UTF_8);
    byte[] value = documents.serializer().serialize(topic, document);
    long size = (long) key.length + value.length;
    if (size > MAX_DOCUMENT_BYTES) {
      return Optional.of(
          "document "
              + document.getId()
              + " has "
              + size
              + " bytes; at most "
              + MAX_DOCUMENT_BYTES
              + " can be sent: shorten it");
    }
    if (document.getDeleted()) {
      deleted.add(document.getId());
    } else {
      deleted.remove(document.getId());
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
    if (sendFailure.get() != null) {
      throw new IOException(
          "a document could not be sent: " + sendFailure.get().getMessage(), sendFailure.get());
    }
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
    Map<TopicPartition, Long> ends = results.endOffsets(results.assignment());
    while (ends.entrySet().stream().anyMatch(e -> results.position(e.getKey()) < e.getValue())) {
      receive(Duration.ofMillis(100));
    }
    progress.accept(received);
  }

  /** The document's verdict, once; null where it has none, or it was taken. */
  Verdict takeVerdict(String id) throws IOException {
    Verdict verdict = verdicts.get(id);
    verdicts.put(id, null);
    return verdict;
  }

  /** The same, or of a document that has expired its last one. */
  Verdict takeLastVerdict(String id) throws IOException {
    Verdict verdict = takeVerdict(id);
    if (verdict == null && !deleted.contains(id)) {
      verdict = expired.get(id);
      expired.put(id, null);
    }
    return verdict;
  }

  /**
   * The earliest member of the document's cluster: itself where it is alone; null where there is no
   * such document.
   */
  String cluster(String id) throws IOException {
    return canonical(id, members.get(id));
  }

  /** The same, or of a document that has expired the one that it was in at last. */
  String lastCluster(String id) throws IOException {
    ClusterMember member = members.get(id);
    return canonical(id, member == null ? expiredMembers.get(id) : member);
  }

  private String canonical(String id, ClusterMember member) throws IOException {
    if (member == null || member.getCluster() == null) {
      return member == null ? null : id;
    }
    Cluster cluster = clusters.get(member.getCluster());
    while (cluster.getRedirect() != null) {
      cluster = clusters.get(cluster.getRedirect());
    }
    if (!cluster.getSettled()) {
      throw new IllegalStateException("all is done, but a cluster is not settled: " + cluster);
    }
    return cluster.getCanonical();
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
    for (ConsumerRecord<byte[], byte[]> record : results.poll(wait)) {
      String topic = record.topic();
      if (topic.equals(topics.nearDuplicates().name())) {
        received++;
        receiveVerdict(
            Utils.utf8(record.key()),
            topics.nearDuplicates().valueSerde().deserializer().deserialize(topic, record.value()));
      } else if (topic.equals(topics.clusterMembers().name())) {
        receiveMember(
            Utils.utf8(record.key()),
            topics.clusterMembers().valueSerde().deserializer().deserialize(topic, record.value()));
      } else if (topic.equals(topics.clusters().name())) {
        if (record.value() != null) { // those that ended are asked for once more, of the expired
          clusters.put(
              Utils.utf8(record.key()),
              topics.clusters().valueSerde().deserializer().deserialize(topic, record.value()));
        }
      } else {
        deadLetterHandler.accept(
            topics.deadLetters().valueSerde().deserializer().deserialize(topic, record.value()));
      }
    }
  }

  /** A lower revision than the last one would be the topology's fault, and is remembered. */
  private void receiveVerdict(String id, Verdict verdict) throws IOException {
    Verdict before = verdicts.get(id);
    if (verdict == null) {
      expired.put(id, before);
    } else if (before != null && before.getRevision() >= verdict.getRevision()) {
      notGrown.add(id);
    }
    verdicts.put(id, verdict);
  }

  private void receiveMember(String id, ClusterMember member) throws IOException {
    if (member == null) {
      expiredMembers.put(id, members.get(id));
    }
    members.put(id, member);
  }

  /** Ids whose verdicts came with a revision not above the one before; none, if all is well. */
  List<String> revisionsThatDidNotGrow() {
    return List.copyOf(notGrown);
  }

  private List<Topic<?, ?>> outputs() {
    TopicCatalogue topics = runner.topics();
    return List.of(
        topics.nearDuplicates(), topics.clusterMembers(), topics.clusters(), topics.deadLetters());
  }

  private List<TopicPartition> outputPartitions() {
    return outputs().stream().flatMap(topic -> partitionsOf(results, topic).stream()).toList();
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
    results.close();
    runner.close();
    admin.close(Duration.ofSeconds(5));
    verdicts.close();
    members.close();
    clusters.close();
    expired.close();
    expiredMembers.close();
    broker.close();
    folder.close();
  }
}
