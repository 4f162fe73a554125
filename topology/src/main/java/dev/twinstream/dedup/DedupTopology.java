package dev.twinstream.dedup;

import dev.twinstream.lsh.LexicalSketcher;
import dev.twinstream.schemas.ClusterMember;
import dev.twinstream.schemas.DeadLetter;
import dev.twinstream.schemas.Topic;
import dev.twinstream.schemas.TopicCatalogue;
import dev.twinstream.schemas.Verdict;
import dev.twinstream.schemas.internal.Arrival;
import dev.twinstream.schemas.internal.Bucket;
import dev.twinstream.schemas.internal.BucketRequest;
import dev.twinstream.schemas.internal.DocumentMessage;
import dev.twinstream.schemas.internal.EventClock;
import dev.twinstream.schemas.internal.Link;
import dev.twinstream.schemas.internal.Progress;
import dev.twinstream.schemas.internal.Sketch;
import dev.twinstream.schemas.serde.BinaryAvroSerde;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** Wires ingest, documents and buckets. Every node, store and topic is named here. */
public final class DedupTopology {
  static final String SKETCHES = "sketches";
  static final String PROGRESS = "progress";
  static final String LINKS = "links";
  static final String CLOCK = "event-clock";
  static final String EXPIRIES = "expiries";
  static final String BUCKETS = "buckets";

  static final String TO_DOCUMENTS_BY_ID = "to-documents-by-id";
  static final String TO_DEAD_LETTERS = "to-dead-letters";
  static final String TO_BUCKETS = "to-bucket-requests";
  static final String TO_DOCUMENTS = "to-document-messages";
  static final String ANSWERS = "to-document-messages-answers";
  static final String TO_VERDICTS = "to-near-duplicates";
  static final String TO_MEMBERS = "to-cluster-members";

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
      DocumentParser parser,
      LexicalSketcher sketcher,
      Topic<String, Arrival> arrivals) {
    StreamPartitioner<String, DocumentMessage> byReceiver =
        (topic, id, message, n) ->
            Optional.of(
                Set.of(
                    message.getPartition() >= 0
                        ? message.getPartition()
                        : Partitioning.ofDocument(id, n)));
    StreamPartitioner<String, BucketRequest> byBucket =
        (topic, id, request, n) -> Optional.of(Set.of(request.getPartition()));
    Topic<String, Arrival> byId = topics.documentsById();
    Topic<String, DocumentMessage> messages = topics.documentMessages();
    Topic<String, BucketRequest> requests = topics.bucketRequests();

    topology
        .addSource(
            "documents-source",
            Serdes.ByteArray().deserializer(),
            Serdes.ByteArray().deserializer(),
            topics.documents().name())
        .addProcessor(
            "ingest",
            () -> new IngestProcessor(parser, topics.maxRecordBytes()),
            "documents-source");
    sink(topology, TO_DOCUMENTS_BY_ID, byId, Partitioning::byDocument, "ingest");
    Topic<String, DeadLetter> deadLetters = topics.deadLetters();
    sink(topology, TO_DEAD_LETTERS, deadLetters, "ingest");

    source(topology, "arrivals-source", arrivals);
    source(topology, "document-messages-source", messages);
    topology.addProcessor(
        "documents",
        () -> new DocumentProcessor(sketcher, parameters),
        "arrivals-source",
        "document-messages-source");
    topology.addStateStore(store(SKETCHES, Serdes.String(), Sketch.class), "documents");
    topology.addStateStore(store(PROGRESS, Serdes.String(), Progress.class), "documents");
    topology.addStateStore(store(LINKS, Serdes.Bytes(), Link.class), "documents");
    topology.addStateStore(store(CLOCK, Serdes.String(), EventClock.class), "documents");
    topology.addStateStore(store(EXPIRIES, Serdes.Bytes(), Serdes.ByteArray()), "documents");
    sink(topology, TO_BUCKETS, requests, byBucket, "documents");
    sink(topology, TO_DOCUMENTS, messages, byReceiver, "documents");
    Topic<String, Verdict> verdicts = topics.nearDuplicates();
    sink(topology, TO_VERDICTS, verdicts, "documents");
    Topic<String, ClusterMember> members = topics.clusterMembers();
    sink(topology, TO_MEMBERS, members, "documents");

    source(topology, "bucket-requests-source", requests);
    topology.addProcessor(
        "bucket-postings", () -> new BucketProcessor(parameters), "bucket-requests-source");
    topology.addStateStore(store(BUCKETS, Serdes.Long(), Bucket.class), "bucket-postings");
    sink(topology, ANSWERS, messages, byReceiver, "bucket-postings");
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

  private static <K, V extends SpecificRecord> StoreBuilder<?> store(
      String name, Serde<K> key, Class<V> value) {
    return store(name, key, new BinaryAvroSerde<>(value));
  }

  private static <K, V> StoreBuilder<?> store(String name, Serde<K> key, Serde<V> value) {
    return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), key, value)
        .withCachingDisabled();
  }
}
