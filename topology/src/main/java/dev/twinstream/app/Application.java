package dev.twinstream.app;

import dev.twinstream.cluster.ClusterTopology;
import dev.twinstream.dedup.DedupParameters;
import dev.twinstream.dedup.DedupTopology;
import dev.twinstream.dedup.SketchKeys;
import dev.twinstream.dedup.TwinDecision;
import dev.twinstream.dedup.TwinModel;
import dev.twinstream.encode.DocumentEncoder;
import dev.twinstream.encode.EncodeTopology;
import dev.twinstream.encode.TriesLog;
import dev.twinstream.lsh.Banding;
import dev.twinstream.lsh.LexicalSketcher;
import dev.twinstream.lsh.PartSketcher;
import dev.twinstream.lsh.SemanticKeys;
import dev.twinstream.schemas.TopicCatalogue;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Builds the topology and the configuration of Kafka Streams; starts nothing. */
final class Application {
  private static final Logger LOG = LoggerFactory.getLogger(Application.class);

  /** Kafka's own default. */
  private static final long PRODUCER_BUFFER_BYTES = 32L * 1024 * 1024;

  private static final long LEAST_BUFFER_BYTES = 1024 * 1024;

  private final TwinstreamConfig config;
  private final TopicCatalogue topics;
  private final SemanticKeys semantic;
  private final String origin;

  /** Where the limits of the topics are not known yet, or of no interest. */
  Application(TwinstreamConfig config) {
    this(config, TopicOptions.maxMessageBytes(config), null);
  }

  /**
   * @param maxMessageBytes the smallest max.message.bytes of the internal topics
   * @param semanticOrNull makes keys of encodings; null without an encoder
   */
  Application(TwinstreamConfig config, int maxMessageBytes, SemanticKeys semanticOrNull) {
    this(config, maxMessageBytes, semanticOrNull, "");
  }

  /**
   * @param topicId Kafka's id of one of the internal topics, which a rebuild makes anew
   */
  Application(
      TwinstreamConfig config, int maxMessageBytes, SemanticKeys semanticOrNull, String topicId) {
    this.config = config;
    this.semantic = semanticOrNull;
    this.origin = Integer.toUnsignedString(topicId.hashCode(), Character.MAX_RADIX);
    this.topics =
        TopicCatalogue.of(
            config.getString(TwinstreamConfig.APPLICATION_ID),
            TopicOptions.of(config),
            config.registry(),
            largestRecord(config, maxMessageBytes) - TopicCatalogue.RECORD_OVERHEAD);
  }

  private static int largestRecord(TwinstreamConfig config, int maxMessageBytes) {
    int wanted = Math.min(maxMessageBytes, TopicOptions.maxMessageBytes(config));
    return Math.min(wanted, producerBufferBytes(config));
  }

  /** A producer refuses a record that its whole buffer would not hold, like one too large. */
  private static int producerBufferBytes(TwinstreamConfig config) {
    String own = StreamsConfig.producerPrefix(ProducerConfig.BUFFER_MEMORY_CONFIG);
    String option = config.originals().containsKey(own) ? own : ProducerConfig.BUFFER_MEMORY_CONFIG;
    Object wanted = config.originals().get(option);
    if (wanted == null) {
      return Integer.MAX_VALUE;
    }
    long bytes = wholeNumber(option, wanted, "bytes");
    if (bytes < LEAST_BUFFER_BYTES) {
      throw new IllegalArgumentException(
          option
              + " is "
              + bytes
              + " bytes; it has to hold the largest record: give it "
              + LEAST_BUFFER_BYTES
              + " at least");
    }
    return (int) Math.min(Integer.MAX_VALUE, bytes);
  }

  private static long wholeNumber(String option, Object wanted, String unit) {
    try {
      return Long.parseLong(String.valueOf(wanted).strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          option + " is " + wanted + "; wanted a whole number of " + unit + ", without a unit");
    }
  }

  TopicCatalogue topics() {
    return topics;
  }

  /** Says what of the configuration will find less than it should. */
  void warn() {
    if (config.hasLexicalKeys()) {
      MissWarnings.lexical(config.dedup().banding(), config.dedup().threshold())
          .ifPresent(LOG::warn);
    }
  }

  /** Builds the topology; the same method serves tests and production. */
  Topology topology() {
    Topology topology = emptyTopology();
    DedupParameters parameters = config.dedup();
    Banding banding = parameters.banding();
    PartSketcher partsOrNull =
        ContainmentOptions.looksForContained(config) ? new PartSketcher(parameters.seed()) : null;
    LexicalSketcher sketcher =
        new LexicalSketcher(
            parameters.shingleWords(),
            parameters.permutations(),
            banding,
            parameters.seed(),
            0,
            partsOrNull,
            TextOptions.markup(config));
    DedupTopology.addTo(
        topology,
        topics,
        parameters,
        InputFormat.of(config.getString(TwinstreamConfig.DOCUMENTS_FORMAT), config.registry()),
        sketcher,
        new SketchKeys(
            config.hasLexicalKeys() ? sketcher : null,
            config.hasSemanticKeys() ? semantic : null,
            partsOrNull),
        new TwinDecision(TwinModel.STANDARD, config.getDouble(TwinstreamConfig.TWIN_PROBABILITY)),
        RecallOptions.of(config),
        config.hasEncoder() ? topics.documentsEncoded() : topics.documentsById());
    ClusterTopology.addTo(topology, topics, topics.documentMessages(), origin);
    return topology;
  }

  /** Builds the encoder's topology. */
  Topology encodeTopology(DocumentEncoder encoder, TriesLog tries) {
    Topology topology = emptyTopology();
    EncodeTopology.addTo(topology, topics, config.encode(), encoder, tries);
    return topology;
  }

  private Topology emptyTopology() {
    return new Topology(new TopologyConfig(new StreamsConfig(streamsProperties())));
  }

  /** The encoder's transaction timeout: what it needs, or what the user gives, if that is more. */
  static int transactionTimeoutMillis(TwinstreamConfig config, long neededMillis) {
    String option = ProducerConfig.TRANSACTION_TIMEOUT_CONFIG;
    return most(
        config, Math.max(neededMillis, 10_000), StreamsConfig.producerPrefix(option), option);
  }

  private static int pollIntervalMillis(TwinstreamConfig config, long neededMillis) {
    String option = ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG;
    return most(
        config,
        Math.max(neededMillis, 300_000),
        StreamsConfig.mainConsumerPrefix(option),
        StreamsConfig.consumerPrefix(option),
        option);
  }

  /** The user's milliseconds, under the first name that is given, if they are more. */
  private static int most(TwinstreamConfig config, long millis, String... names) {
    Map<String, Object> given = config.originals();
    long wanted =
        Stream.of(names)
            .filter(given::containsKey)
            .findFirst()
            .map(name -> wholeNumber(name, given.get(name), "milliseconds"))
            .orElse(0L);
    return (int) Math.min(Integer.MAX_VALUE, Math.max(millis, wanted));
  }

  /**
   * @param timeoutMillis what a step of the encoder may take
   */
  Properties encodeProperties(long timeoutMillis) {
    Properties properties = streamsProperties();
    properties.put(
        StreamsConfig.APPLICATION_ID_CONFIG,
        EncodeTopology.applicationId(config.getString(TwinstreamConfig.APPLICATION_ID)));
    properties.put(
        StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG),
        transactionTimeoutMillis(config, timeoutMillis));
    properties.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG),
        pollIntervalMillis(config, timeoutMillis));
    return properties;
  }

  Properties streamsProperties() {
    Properties properties = new Properties();
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    properties.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
    properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
    // Without a prefix, so that the user's hold, with one or without.
    properties.put(ProducerConfig.LINGER_MS_CONFIG, 20);
    properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    properties.put(
        StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    // A broker forgets a producer whose records' timestamps are older than
    // producer.id.expiration.ms
    // (a day), which breaks exactly-once in the middle of a replay: so it sets them itself.
    properties.put(
        StreamsConfig.topicPrefix(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG), "LogAppendTime");
    int maxMessageBytes = topics.maxRecordBytes() + TopicCatalogue.RECORD_OVERHEAD;
    Erasure erasure = Erasure.of(config);
    erasure
        .compacted()
        .forEach((option, value) -> properties.put(StreamsConfig.topicPrefix(option), value));
    properties.put(Erasure.MAX_AGE_MS, erasure.maxAgeMillis());
    properties.put(
        StreamsConfig.producerPrefix(ProducerConfig.BUFFER_MEMORY_CONFIG),
        Math.max(PRODUCER_BUFFER_BYTES, (long) maxMessageBytes));
    config.originals().forEach((key, value) -> properties.put(key, String.valueOf(value)));
    properties.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, StateMemory.class.getName());
    properties.put(
        StreamsConfig.DEFAULT_TIMESTAMP_EXTRACTOR_CLASS_CONFIG, IngestionTime.class.getName());
    // Changelogs hold what came by the internal topics, and the broker's own limit is 1 MB.
    properties.put(TopicOptions.MAX_MESSAGE_BYTES, Integer.toString(maxMessageBytes));
    properties.put(
        StreamsConfig.APPLICATION_ID_CONFIG, config.getString(TwinstreamConfig.APPLICATION_ID));
    properties.put(
        StreamsConfig.NUM_STREAM_THREADS_CONFIG, config.getInt(TwinstreamConfig.THREADS));
    properties.put(StreamsConfig.STATE_DIR_CONFIG, config.getString(TwinstreamConfig.STATE_DIR));
    properties.put(
        TwinstreamConfig.STATE_MEMORY_BYTES, config.getLong(TwinstreamConfig.STATE_MEMORY_BYTES));
    properties.put(
        StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG,
        config.getInt(TwinstreamConfig.STATE_STANDBY_REPLICAS));
    properties.put(
        StreamsConfig.TRANSACTIONAL_STATE_STORES_CONFIG,
        config.getBoolean(TwinstreamConfig.STATE_TRANSACTIONAL));
    properties.put(
        StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), maxMessageBytes);
    return properties;
  }
}
