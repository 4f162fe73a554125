package dev.twinstream.encode;

import dev.twinstream.dedup.Partitioning;
import dev.twinstream.schemas.Topic;
import dev.twinstream.schemas.TopicCatalogue;
import dev.twinstream.schemas.internal.PendingArrival;
import dev.twinstream.schemas.serde.BinaryAvroSerde;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.state.Stores;

/** Wires the encoder, an application of its own. Every node and store is named here. */
public final class EncodeTopology {
  static final String PENDING = "pending-encodings";
  static final String TO_ENCODED = "to-documents-encoded";
  static final String TO_DEAD_LETTERS = "to-dead-letters";

  private EncodeTopology() {}

  /** The topic behind the store in which documents wait for their batch. */
  public static String waitingTopic(String applicationId) {
    return applicationId + "-" + PENDING + "-changelog";
  }

  /** The application id of the encoder that works for an application. */
  public static String applicationId(String ofApplication) {
    return ofApplication + "-encode";
  }

  /**
   * Adds the feature's nodes; the same method serves tests and production.
   *
   * @param tries where the documents under way are remembered
   */
  public static void addTo(
      Topology topology,
      TopicCatalogue topics,
      EncodeParameters parameters,
      DocumentEncoder encoder,
      TriesLog tries) {
    topology.addSource(
        "documents-by-id-source",
        topics.documentsById().keySerde().deserializer(),
        topics.documentsById().valueSerde().deserializer(),
        topics.documentsById().name());
    topology.addProcessor(
        "encode",
        () -> new EncodeProcessor(encoder, tries, parameters, topics.documentsById().name()),
        "documents-by-id-source");
    if (parameters.batchDocuments() > 1) {
      topology.addStateStore(
          Stores.keyValueStoreBuilder(
                  Stores.inMemoryKeyValueStore(PENDING),
                  Serdes.Long(),
                  new BinaryAvroSerde<>(PendingArrival.class))
              .withCachingDisabled()
              .withLoggingEnabled(
                  Map.of(
                      TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                      Integer.toString(topics.maxRecordBytes() + TopicCatalogue.RECORD_OVERHEAD))),
          "encode");
    }
    sink(topology, TO_ENCODED, topics.documentsEncoded(), Partitioning::byDocument);
    sink(topology, TO_DEAD_LETTERS, topics.deadLetters(), null);
  }

  private static <V> void sink(
      Topology topology,
      String node,
      Topic<String, V> topic,
      StreamPartitioner<String, V> partitionerOrNull) {
    topology.addSink(
        node,
        topic.name(),
        topic.keySerde().serializer(),
        topic.valueSerde().serializer(),
        partitionerOrNull,
        "encode");
  }
}
