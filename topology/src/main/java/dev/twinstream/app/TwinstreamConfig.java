package dev.twinstream.app;

import static org.apache.kafka.common.config.ConfigDef.Importance.HIGH;
import static org.apache.kafka.common.config.ConfigDef.Importance.LOW;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;
import static org.apache.kafka.common.config.ConfigDef.Range.between;

import dev.twinstream.dedup.DedupParameters;
import dev.twinstream.encode.EncodeParameters;
import dev.twinstream.model.Provider;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.ValidString;

/**
 * Every option of the application. Others are passed to Kafka Streams, its clients and the serdes,
 * unless they look like a misspelt one of ours.
 */
public final class TwinstreamConfig extends AbstractConfig {
  public static final String APPLICATION_ID = "application.id";
  public static final String BOOTSTRAP_SERVERS = "bootstrap.servers";
  public static final String SCHEMA_REGISTRY_URL = "schema.registry.url";
  public static final String DOCUMENTS_TOPIC = "documents.topic";
  public static final String DOCUMENTS_FORMAT = "documents.format";
  public static final String PARTITIONS = "internal.partitions";
  public static final String THREADS = "num.stream.threads";
  public static final String HTTP_PORT = "http.port";
  public static final String STATE_DIR = "state.dir";
  public static final String STATE_MEMORY_BYTES = "state.memory.bytes";
  public static final String CANDIDATES_BYTES = "candidates.memory.bytes";
  public static final String STATE_STANDBY_REPLICAS = "state.standby.replicas";
  public static final String STATE_TRANSACTIONAL = "state.transactional";
  public static final String SHINGLE_WORDS = "lexical.shingle.words";
  public static final String PERMUTATIONS = "lexical.permutations";
  public static final String MOST_BANDS = "lexical.bands.max";
  public static final String THRESHOLD = "lexical.threshold";
  public static final String FALSE_POSITIVE_WEIGHT = "lexical.false.positive.weight";
  public static final String FALSE_NEGATIVE_WEIGHT = "lexical.false.negative.weight";
  public static final String TWIN_PROBABILITY = "twin.probability";
  public static final String KEYS = "dedup.keys";
  public static final String SEED = "hash.seed";
  public static final String RETENTION_MS = "retention.ms";
  public static final String MAX_FUTURE_MS = "event.time.max.future.ms";

  /** Not for users: without it, documents stay that the retention has passed, and bound twins. */
  static final String EXPIRY = "internal.expiry";

  public static final String BUCKET_CAP = "bucket.cap";
  public static final String BUNDLE = "encoder.bundle";
  public static final String MAX_TOKENS = "encoder.max.tokens";
  public static final String ENCODER_PROVIDER = "encoder.provider";
  public static final String ENCODER_THREADS = "encoder.threads";
  public static final String ENCODER_ROUNDS = "encoder.rounds";
  public static final String BATCH_DOCUMENTS = "encoder.batch.documents";
  public static final String BATCH_TOKENS = "encoder.batch.tokens";
  public static final String BATCH_WAIT_MS = "encoder.batch.wait.ms";

  /** Value of {@link #BUNDLE}: the model in the jar. */
  static final String BUILT_IN = "built-in";

  /** Value of {@link #BUNDLE}: no model, no encodings. */
  static final String NO_ENCODER = "none";

  /** A token of running text has about this many characters. */
  static final long CHARACTERS_PER_TOKEN = 4;

  /** Sixteen of the longest documents: a batch is held in memory. */
  private static final int MOST_BATCH_TOKENS = 1 << 20;

  private static final ConfigDef DEFINITION =
      new ConfigDef()
          .define(
              APPLICATION_ID,
              Type.STRING,
              "twinstream",
              TopicOptions.TOPIC_NAME,
              HIGH,
              "Names the application: consumer group, state and internal topics.")
          .define(
              BOOTSTRAP_SERVERS,
              Type.STRING,
              ConfigDef.NO_DEFAULT_VALUE,
              new ConfigDef.NonEmptyString(),
              HIGH,
              "Kafka brokers, host:port, separated by commas.")
          .define(
              SCHEMA_REGISTRY_URL,
              Type.STRING,
              "mock://twinstream",
              HIGH,
              "Schema registry, which run wants; mock://name keeps schemas in this process.")
          .define(
              DOCUMENTS_TOPIC,
              Type.STRING,
              "documents",
              TopicOptions.TOPIC_NAME,
              HIGH,
              "The topic to read.")
          .define(
              DOCUMENTS_FORMAT,
              Type.STRING,
              "json",
              ValidString.in("json", "avro", "string"),
              HIGH,
              "Format of the values of the input topic: json rows, avro with the registry's header,"
                  + " or string (the record's key is then the id).")
          .define(
              PARTITIONS,
              Type.INT,
              12,
              between(1, 10_000),
              MEDIUM,
              "Partitions of the internal topics; fixed at first start.")
          .define(THREADS, Type.INT, 2, atLeast(1), MEDIUM, "Stream threads of this instance.")
          .define(
              HTTP_PORT,
              Type.INT,
              0,
              between(0, 65_535),
              MEDIUM,
              "Port of run's health checks and metrics, on all addresses; 0 = none.")
          .define(
              STATE_DIR,
              Type.STRING,
              System.getProperty("java.io.tmpdir") + "/twinstream",
              MEDIUM,
              "Folder of the state stores.")
          .define(
              STATE_MEMORY_BYTES,
              Type.LONG,
              512L * 1024 * 1024,
              atLeast(1024 * 1024),
              MEDIUM,
              "Native memory that the state stores of this process share: cached blocks, indexes,"
                  + " filters and write buffers.")
          .define(
              CANDIDATES_BYTES,
              Type.LONG,
              256L * 1024 * 1024,
              atLeast(0),
              MEDIUM,
              "Java heap for what the search for candidates reads most, if this process has all"
                  + " partitions: two thirds for signatures of stored texts, about 150 bytes each,"
                  + " a third for buckets. What is found there need not be read from disk.")
          .define(
              STATE_STANDBY_REPLICAS,
              Type.INT,
              0,
              atLeast(0),
              MEDIUM,
              "Other instances that keep a copy of each store, to take over without restoring it.")
          .define(
              STATE_TRANSACTIONAL,
              Type.BOOLEAN,
              false,
              MEDIUM,
              "Whether stores hold writes back until their transaction is committed: after a crash"
                  + " the state on disk is kept, instead of being restored from the broker.")
          .define(
              SHINGLE_WORDS,
              Type.INT,
              3,
              between(1, 50),
              MEDIUM,
              "Words a shingle has. Part of the fingerprint.")
          .define(
              PERMUTATIONS,
              Type.INT,
              256,
              between(16, 1024),
              MEDIUM,
              "MinHash signature length. Part of the fingerprint.")
          .define(
              THRESHOLD,
              Type.DOUBLE,
              0.35,
              between(0.05, 0.99),
              HIGH,
              "Jaccard similarity from which two texts should be compared; bands and rows follow"
                  + " from it, see lsh plan. Part of the fingerprint.")
          .define(
              MOST_BANDS,
              Type.INT,
              20,
              between(1, 1024),
              LOW,
              "Lexical bucket keys that a text has at most. Part of the fingerprint.")
          .define(
              FALSE_POSITIVE_WEIGHT,
              Type.DOUBLE,
              0.15,
              between(0.0, 1.0),
              LOW,
              "What a needless candidate costs, beside a miss. Part of the fingerprint.")
          .define(
              FALSE_NEGATIVE_WEIGHT,
              Type.DOUBLE,
              0.85,
              between(0.0, 1.0),
              LOW,
              "What a miss costs. Part of the fingerprint.")
          .define(
              TWIN_PROBABILITY,
              Type.DOUBLE,
              0.5,
              between(0.01, 0.99),
              HIGH,
              "Probability from which two texts are taken for versions of one: 0.5 weighs a miss"
                  + " like a wrong twin. Part of the fingerprint.")
          .define(
              KEYS,
              Type.STRING,
              "both",
              ValidString.in("both", "lexical", "semantic"),
              MEDIUM,
              "The keys that bring documents together: lexical, semantic, or both; a twin's words"
                  + " are alike in any case. Part of the fingerprint.")
          .define(SEED, Type.LONG, 1L, LOW, "Seed of all hash functions. Part of the fingerprint.")
          .define(
              RETENTION_MS,
              Type.LONG,
              Long.MAX_VALUE,
              atLeast(1),
              HIGH,
              "Two documents can be twins when their event times differ by at most this.")
          .defineInternal(EXPIRY, Type.BOOLEAN, true, LOW)
          .define(
              MAX_FUTURE_MS,
              Type.LONG,
              3_600_000L,
              atLeast(0),
              LOW,
              "An event time further ahead of ingestion is clamped to it, flagged and counted.")
          .define(
              BUCKET_CAP,
              Type.INT,
              200,
              between(2, 10_000),
              LOW,
              "Postings a bucket keeps, the earliest first; what is dropped is counted.")
          .define(
              BUNDLE,
              Type.STRING,
              BUILT_IN,
              new ConfigDef.NonEmptyString(),
              HIGH,
              "The model: built-in, a bundle's folder, or none for lexical verdicts alone. Its"
                  + " checksum is part of the fingerprint.")
          .define(
              MAX_TOKENS,
              Type.INT,
              8192,
              atLeast(1),
              MEDIUM,
              "Tokens of a document that are encoded; longer ones are truncated, flagged and"
                  + " counted.")
          .define(
              ENCODER_PROVIDER,
              Type.STRING,
              "cpu",
              ValidString.in("cpu", "cuda"),
              MEDIUM,
              "Where the model runs: cpu, or cuda for an NVIDIA GPU (needs a build for the GPU; see"
                  + " doctor).")
          .define(
              ENCODER_THREADS,
              Type.INT,
              0,
              atLeast(0),
              LOW,
              "Threads of the encoder's pool; 0 = one a processor core.")
          .define(
              ENCODER_ROUNDS,
              Type.INT,
              0,
              between(0, 1024),
              LOW,
              "Rounds of hashing in the model; 0 = its own. Part of the fingerprint.")
          .define(
              BATCH_DOCUMENTS,
              Type.INT,
              32,
              between(1, 10_000),
              LOW,
              "Documents that are encoded together at most; with 1, none waits for others.")
          .define(
              BATCH_TOKENS,
              Type.INT,
              16_384,
              between(1, MOST_BATCH_TOKENS),
              LOW,
              "Tokens that are encoded together at most, unless one document alone has more.")
          .define(
              BATCH_WAIT_MS,
              Type.LONG,
              50L,
              atLeast(1),
              LOW,
              "How long a document waits at most for its batch to fill.");

  static {
    TextOptions.addTo(DEFINITION);
    SemanticOptions.addTo(DEFINITION);
    ContainmentOptions.addTo(DEFINITION);
    RegistryOptions.addTo(DEFINITION);
    RecallOptions.addTo(DEFINITION);
    TopicOptions.addTo(DEFINITION);
    Erasure.addTo(DEFINITION);
  }

  /**
   * @throws org.apache.kafka.common.config.ConfigException where a value cannot be used, or a name
   *     is misspelt
   */
  public TwinstreamConfig(Map<?, ?> properties) {
    super(DEFINITION, properties, false);
    OptionNames.check(properties.keySet(), DEFINITION.names());
    KafkaOptions.check(properties);
  }

  /** The definition, from which help pages are made. */
  public static ConfigDef definition() {
    return DEFINITION;
  }

  DedupParameters dedup() {
    return new DedupParameters(
        getInt(SHINGLE_WORDS),
        getInt(PERMUTATIONS),
        getInt(MOST_BANDS),
        getDouble(THRESHOLD),
        getDouble(FALSE_POSITIVE_WEIGHT),
        getDouble(FALSE_NEGATIVE_WEIGHT),
        getLong(SEED),
        getInt(PARTITIONS),
        getLong(RETENTION_MS),
        getLong(MAX_FUTURE_MS),
        getInt(BUCKET_CAP),
        getLong(CANDIDATES_BYTES),
        hasEncoder(),
        getBoolean(EXPIRY),
        getBoolean(ContainmentOptions.CLUSTERED));
  }

  /** What the schema registry's client is configured with. */
  Map<String, Object> registry() {
    return RegistryOptions.ofClient(this);
  }

  boolean hasLexicalKeys() {
    return !getString(KEYS).equals("semantic");
  }

  /**
   * @throws IllegalArgumentException where nothing but semantic keys is wanted, without an encoder
   */
  boolean hasSemanticKeys() {
    boolean wanted = !getString(KEYS).equals("lexical");
    if (wanted && !hasEncoder() && !hasLexicalKeys()) {
      throw new IllegalArgumentException(
          KEYS + " is semantic, but " + BUNDLE + " is none: name a bundle, or take lexical keys");
    }
    return wanted && hasEncoder();
  }

  boolean hasEncoder() {
    return !getString(BUNDLE).equals(NO_ENCODER);
  }

  EncodeParameters encode() {
    return new EncodeParameters(
        getInt(BATCH_DOCUMENTS),
        CHARACTERS_PER_TOKEN * getInt(BATCH_TOKENS),
        getLong(BATCH_WAIT_MS),
        getLong(MAX_FUTURE_MS));
  }

  Provider encoderProvider() {
    return Provider.valueOf(getString(ENCODER_PROVIDER).toUpperCase(Locale.ROOT));
  }
}
