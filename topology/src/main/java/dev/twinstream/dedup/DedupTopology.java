package dev.twinstream.dedup;

import dev.twinstream.cluster.ClusterTopology;
import dev.twinstream.lsh.LexicalSketcher;
import dev.twinstream.recall.OwnRecall;
import dev.twinstream.schemas.Topic;
import dev.twinstream.schemas.TopicCatalogue;
import dev.twinstream.schemas.internal.Arrival;
import dev.twinstream.schemas.internal.BucketRequest;
import dev.twinstream.schemas.internal.Content;
import dev.twinstream.schemas.internal.ContentMessage;
import dev.twinstream.schemas.internal.DocumentState;
import dev.twinstream.schemas.internal.EventClock;
import dev.twinstream.schemas.internal.Exclusions;
import dev.twinstream.schemas.internal.HeadList;
import dev.twinstream.schemas.internal.Link;
import dev.twinstream.schemas.internal.Lookup;
import dev.twinstream.schemas.internal.MarkState;
import dev.twinstream.schemas.internal.NodeAssigned;
import dev.twinstream.schemas.internal.Probe;
import dev.twinstream.schemas.serde.BinaryAvroSerde;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** Wires ingest, documents, contents and buckets. Every node, store and topic is named here. */
public final class DedupTopology {
  /**
   * Sketches: read one by one for every candidate, and nearly random, so that nothing packs them.
   */
  public static final String CONTENTS = KafkaContentStore.CONTENTS;

  /** Postings: read one by one, by hashes. */
  public static final String BUCKETS = "buckets";

  static final String TO_DOCUMENTS_BY_ID = "to-documents-by-id-";
  static final String TO_DEAD_LETTERS = "to-dead-letters-";
  static final String TO_BUCKETS = "to-bucket-requests";
  static final String TO_CONTENTS = "to-content-messages-";
  static final String TO_DOCUMENTS = "to-document-messages-";
  static final String TO_CLUSTER_EDGES = "to-cluster-edges";
  static final String TO_VERDICTS = "to-near-duplicates";
  static final String TO_MEMBERS = "to-cluster-members";
  static final String TO_ENCODINGS = "to-encodings";
  static final String TO_ANSWERS = "to-check-results-";

  static final String FROM_DOCUMENTS = "documents";
  static final String FROM_CONTENTS = "contents";
  static final String FROM_BUCKETS = "buckets";
  static final String FROM_INGEST = "ingest";
  static final String FROM_QUESTIONS = "questions";
  static final String FROM_MARKS = "pair-marks";

  private DedupTopology() {}

  /**
   * Adds the feature's nodes; the same method serves tests and production.
   *
   * @param arrivals what is deduplicated: the documents by id, or those with their encodings
   */
  public static void addTo(
      Topology topology,
      TopicCatalogue topics,
      DedupParameters parameters,
      InputParsers parsers,
      LexicalSketcher sketcher,
      ContentKeys keys,
      TwinDecision decision,
      RecallParameters recall,
      Topic<String, Arrival> arrivals) {
    addIngest(topology, topics, parsers);

    source(topology, "arrivals-source", arrivals);
    source(topology, "document-messages-source", topics.documentMessages());
    topology.addProcessor(
        FROM_DOCUMENTS,
        () ->
            new DocumentProcessor(
                sketcher, keys, decision, parameters, recall, topics.maxRecordBytes()),
        "arrivals-source",
        "document-messages-source");
    store(topology, KafkaDocumentStore.DOCUMENTS, Serdes.Bytes(), DocumentState.class);
    store(topology, KafkaDocumentStore.ASSIGNMENTS, Serdes.String(), NodeAssigned.class);
    store(topology, KafkaDocumentStore.MARKS, Serdes.Bytes(), MarkState.class);
    store(topology, KafkaDocumentStore.CLOCK, Serdes.String(), EventClock.class);
    topology.addStateStore(
        store(KafkaDocumentStore.EXPIRIES, Serdes.Bytes(), Serdes.ByteArray()), FROM_DOCUMENTS);
    store(topology, KafkaDocumentStore.PROBES, Serdes.String(), Probe.class);
    toContents(topology, topics, FROM_DOCUMENTS);
    sink(
        topology,
        TO_DOCUMENTS + FROM_DOCUMENTS,
        topics.documentMessages(),
        Partitioning::byDocument,
        FROM_DOCUMENTS);
    sink(
        topology,
        TO_CLUSTER_EDGES,
        topics.clusterEdges(),
        ClusterTopology::byScope,
        FROM_DOCUMENTS);
    sink(topology, TO_VERDICTS, topics.nearDuplicates(), FROM_DOCUMENTS);
    if (parameters.encoded()) {
      sink(topology, TO_ENCODINGS, topics.encodings(), Partitioning::byDocument, FROM_DOCUMENTS);
    }
    sink(topology, TO_MEMBERS, topics.clusterMembers(), FROM_DOCUMENTS);
    sink(topology, TO_ANSWERS + FROM_DOCUMENTS, topics.answers(), FROM_DOCUMENTS);

    OwnRecall counted = new OwnRecall();
    source(topology, "content-messages-source", topics.contentMessages());
    topology.addProcessor(
        FROM_CONTENTS,
        () ->
            new ContentProcessor(
                keys, decision, parameters, recall, counted, topics.maxRecordBytes()),
        "content-messages-source");
    contentStore(topology, KafkaContentStore.CONTENTS, Serdes.Bytes(), Content.class);
    topology.addStateStore(
        store(KafkaContentStore.COPIES, Serdes.Bytes(), Serdes.Long()), FROM_CONTENTS);
    contentStore(topology, KafkaContentStore.HEADS, Serdes.Bytes(), HeadList.class);
    contentStore(topology, KafkaContentStore.EXCLUSIONS, Serdes.Bytes(), Exclusions.class);
    contentStore(topology, KafkaContentStore.LINKS, Serdes.Bytes(), Link.class);
    contentStore(topology, KafkaContentStore.LOOKUPS, Serdes.String(), Lookup.class);
    contentStore(topology, KafkaContentStore.CLOCK, Serdes.String(), EventClock.class);
    toContents(topology, topics, FROM_CONTENTS);
    sink(
        topology,
        TO_DOCUMENTS + FROM_CONTENTS,
        topics.documentMessages(),
        Partitioning::byDocument,
        FROM_CONTENTS);
    StreamPartitioner<Long, BucketRequest> byBucket =
        (topic, id, request, n) -> Optional.of(Set.of(request.getPartition()));
    sink(topology, TO_BUCKETS, topics.bucketRequests(), byBucket, FROM_CONTENTS);
    sink(topology, TO_ANSWERS + FROM_CONTENTS, topics.answers(), FROM_CONTENTS);

    source(topology, "bucket-requests-source", topics.bucketRequests());
    topology.addProcessor(
        FROM_BUCKETS,
        () -> new BucketProcessor(parameters, topics.maxRecordBytes()),
        "bucket-requests-source");
    topology.addStateStore(store(BUCKETS, Serdes.Bytes(), Serdes.ByteArray()), FROM_BUCKETS);
    toContents(topology, topics, FROM_BUCKETS);
  }

  /** Documents, questions and marks, from topics whose keys are whatever producers chose. */
  private static void addIngest(Topology topology, TopicCatalogue topics, InputParsers parsers) {
    topology
        .addSource("documents-source", bytes(), bytes(), topics.documents().name())
        .addProcessor(
            FROM_INGEST,
            () ->
                new IngestProcessor(
                    parsers.documents(), topics.maxRecordBytes(), false, FROM_INGEST),
            "documents-source")
        .addSource("questions-source", bytes(), bytes(), topics.questions().name())
        .addProcessor(
            FROM_QUESTIONS,
            () ->
                new IngestProcessor(
                    parsers.documents(), topics.maxRecordBytes(), true, FROM_QUESTIONS),
            "questions-source")
        .addSource("pair-marks-source", bytes(), bytes(), topics.pairMarks().name())
        .addProcessor(
            FROM_MARKS, () -> new PairMarkProcessor(parsers.pairMarks()), "pair-marks-source");
    for (String parent : Set.of(FROM_INGEST, FROM_QUESTIONS)) {
      sink(
          topology,
          TO_DOCUMENTS_BY_ID + parent,
          topics.documentsById(),
          Partitioning::byDocument,
          parent);
      sink(topology, TO_DEAD_LETTERS + parent, topics.deadLetters(), parent);
    }
    sink(
        topology,
        TO_DOCUMENTS + FROM_MARKS,
        topics.documentMessages(),
        Partitioning::byDocument,
        FROM_MARKS);
    sink(topology, TO_DEAD_LETTERS + FROM_MARKS, topics.deadLetters(), FROM_MARKS);
  }

  private static Deserializer<byte[]> bytes() {
    return Serdes.ByteArray().deserializer();
  }

  private static void toContents(Topology topology, TopicCatalogue topics, String parent) {
    StreamPartitioner<Long, ContentMessage> byReceiver =
        (topic, address, message, n) ->
            Optional.of(
                Set.of(
                    message.getPartition() >= 0
                        ? message.getPartition()
                        : Partitioning.ofContent(address, n)));
    sink(topology, TO_CONTENTS + parent, topics.contentMessages(), byReceiver, parent);
  }

  private static void source(Topology topology, String node, Topic<?, ?> topic) {
    topology.addSource(
        node, topic.keySerde().deserializer(), topic.valueSerde().deserializer(), topic.name());
  }

  private static <K, V> void sink(
      Topology topology,
      String node,
      Topic<K, V> topic,
      StreamPartitioner<K, V> partitioner,
      String parent) {
    topology.addSink(
        node,
        topic.name(),
        topic.keySerde().serializer(),
        topic.valueSerde().serializer(),
        partitioner,
        parent);
  }

  private static <K, V> void sink(
      Topology topology, String node, Topic<K, V> topic, String parent) {
    topology.addSink(
        node, topic.name(), topic.keySerde().serializer(), topic.valueSerde().serializer(), parent);
  }

  private static <K, V extends SpecificRecord> void store(
      Topology topology, String name, Serde<K> key, Class<V> value) {
    topology.addStateStore(store(name, key, new BinaryAvroSerde<>(value)), FROM_DOCUMENTS);
  }

  private static <K, V extends SpecificRecord> void contentStore(
      Topology topology, String name, Serde<K> key, Class<V> value) {
    topology.addStateStore(store(name, key, new BinaryAvroSerde<>(value)), FROM_CONTENTS);
  }

  private static <K, V> StoreBuilder<?> store(String name, Serde<K> key, Serde<V> value) {
    return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), key, value)
        .withCachingDisabled();
  }
}
