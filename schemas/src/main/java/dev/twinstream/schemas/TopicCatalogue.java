package dev.twinstream.schemas;

import dev.twinstream.schemas.internal.Arrival;
import dev.twinstream.schemas.internal.BucketRequest;
import dev.twinstream.schemas.internal.ClusterMessage;
import dev.twinstream.schemas.internal.ContentMessage;
import dev.twinstream.schemas.internal.DocumentMessage;
import dev.twinstream.schemas.internal.EncodeTries;
import dev.twinstream.schemas.serde.AvroSerdes;
import dev.twinstream.schemas.serde.BinaryAvroSerde;
import dev.twinstream.schemas.serde.RegistryAvroSerde;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serdes;

/**
 * Every topic of the application. Those that others read carry the schema registry's wire format;
 * those that only the application reads carry plain Avro.
 *
 * @param documents input; its values are read by a parser of the configured format
 * @param questions texts that are looked up and not stored, in the format of the input
 * @param pairMarks what users say of pairs, in the format of the input
 * @param documentsById the input re-keyed by document id
 * @param documentsEncoded the same with each document's encoding
 * @param bucketRequests bucket keys on their way to their partition
 * @param contentMessages messages to contents, keyed by address
 * @param documentMessages messages to documents, keyed by id
 * @param clusterEdges edge changes on their way to the clusters of their scope
 * @param encodeTries by partition of the documents by id, which of them are being encoded
 * @param maxRecordBytes the largest record that the internal topics take, in bytes
 */
public record TopicCatalogue(
    Topic<byte[], byte[]> documents,
    Topic<byte[], byte[]> questions,
    Topic<byte[], byte[]> pairMarks,
    Topic<String, Arrival> documentsById,
    Topic<String, Arrival> documentsEncoded,
    Topic<Long, BucketRequest> bucketRequests,
    Topic<Long, ContentMessage> contentMessages,
    Topic<String, DocumentMessage> documentMessages,
    Topic<String, ClusterMessage> clusterEdges,
    Topic<Integer, EncodeTries> encodeTries,
    Topic<String, Encoding> encodings,
    Topic<String, Verdict> nearDuplicates,
    Topic<String, ClusterMember> clusterMembers,
    Topic<String, Cluster> clusters,
    Topic<String, Verdict> answers,
    Topic<String, DeadLetter> deadLetters,
    int maxRecordBytes) {

  /** Bytes that a record may have beside the document in it: its key, its encoding, framing. */
  public static final int RECORD_OVERHEAD = 16 * 1024;

  /**
   * @param prefix put before the names of the internal topics: the application id
   * @param names of the topics that others write or read
   * @param registryConfig the schema registry client's configuration, under Confluent's keys
   */
  public static TopicCatalogue of(
      String prefix, TopicNames names, Map<String, ?> registryConfig, int maxRecordBytes) {
    return new TopicCatalogue(
        new Topic<>(names.documents(), Serdes.ByteArray(), Serdes.ByteArray()),
        new Topic<>(names.questions(), Serdes.ByteArray(), Serdes.ByteArray()),
        new Topic<>(names.pairMarks(), Serdes.ByteArray(), Serdes.ByteArray()),
        internal(prefix + "-documents-by-id", Arrival.class),
        internal(prefix + "-documents-encoded", Arrival.class),
        new Topic<>(
            prefix + "-bucket-requests", Serdes.Long(), new BinaryAvroSerde<>(BucketRequest.class)),
        new Topic<>(
            prefix + "-content-messages",
            Serdes.Long(),
            new BinaryAvroSerde<>(ContentMessage.class)),
        internal(prefix + "-document-messages", DocumentMessage.class),
        internal(prefix + "-cluster-edges", ClusterMessage.class),
        new Topic<>(
            prefix + "-encode-tries", Serdes.Integer(), new BinaryAvroSerde<>(EncodeTries.class)),
        external(names.encodings(), Encoding.class, registryConfig),
        external(names.nearDuplicates(), Verdict.class, registryConfig),
        external(names.clusterMembers(), ClusterMember.class, registryConfig),
        external(names.clusters(), Cluster.class, registryConfig),
        external(names.answers(), Verdict.class, registryConfig),
        external(names.deadLetters(), DeadLetter.class, registryConfig),
        maxRecordBytes);
  }

  /** The topics between the application's own nodes; all need the same number of partitions. */
  public List<String> internalNames() {
    return List.of(
        documentsById.name(),
        documentsEncoded.name(),
        bucketRequests.name(),
        contentMessages.name(),
        documentMessages.name(),
        clusterEdges.name(),
        encodeTries.name());
  }

  /** The topics that the application writes for others. */
  public List<Topic<String, ? extends SpecificRecord>> outputs() {
    return List.of(encodings, nearDuplicates, clusterMembers, clusters, answers, deadLetters);
  }

  /**
   * Makes the schema registry know what the application writes, so that it is not asked later; see
   * {@link RegistryAvroSerde#prepare}. Other serdes do so at their first record.
   *
   * @throws dev.twinstream.schemas.registry.SchemaRegistryException where the registry refuses or
   *     can't be reached
   */
  public void prepareOutputs(String compatibilityOrNull) {
    for (Topic<?, ?> topic : outputs()) {
      if (topic.valueSerde() instanceof RegistryAvroSerde<?> serde) {
        serde.prepare(topic.name(), compatibilityOrNull);
      }
    }
  }

  private static <V extends SpecificRecord> Topic<String, V> internal(String name, Class<V> value) {
    return new Topic<>(name, Serdes.String(), new BinaryAvroSerde<>(value));
  }

  private static <V extends SpecificRecord> Topic<String, V> external(
      String name, Class<V> value, Map<String, ?> registryConfig) {
    return new Topic<>(name, Serdes.String(), AvroSerdes.ofValues(value, registryConfig));
  }
}
