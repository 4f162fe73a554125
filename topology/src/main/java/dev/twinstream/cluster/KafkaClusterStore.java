package dev.twinstream.cluster;

import dev.twinstream.lsh.Digests;
import dev.twinstream.schemas.internal.ClusterNode;
import dev.twinstream.schemas.internal.ClusterTask;
import dev.twinstream.schemas.internal.ClusterVertex;
import dev.twinstream.schemas.internal.ClusterWork;
import dev.twinstream.schemas.serde.BinaryAvroSerde;
import java.nio.ByteBuffer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * {@link ClusterStore} over one key-value store, as each of its own would cost memory for every
 * partition. A key is a byte for the kind of record, then big-endian numbers: children of a twin
 * lie in the order of theirs.
 */
final class KafkaClusterStore implements ClusterStore {
  private static final byte NUMBER = 'i';
  private static final byte VERTEX = 'v';
  private static final byte NODE = 'n';
  private static final byte LINKED_CHILD = 'c';
  private static final byte UNLINKED_CHILD = 'u';
  private static final byte HEAD = 'h';
  private static final byte WORK = 'w';
  private static final byte FRONTIER = 'f';
  private static final byte TASK = 't';

  private static final byte[] EMPTY = {};
  private static final BinaryAvroSerde<ClusterVertex> VERTICES =
      new BinaryAvroSerde<>(ClusterVertex.class);
  private static final BinaryAvroSerde<ClusterNode> NODES =
      new BinaryAvroSerde<>(ClusterNode.class);
  private static final BinaryAvroSerde<ClusterWork> WORKS =
      new BinaryAvroSerde<>(ClusterWork.class);
  private static final BinaryAvroSerde<ClusterTask> TASKS =
      new BinaryAvroSerde<>(ClusterTask.class);

  private final KeyValueStore<Bytes, byte[]> store;

  KafkaClusterStore(KeyValueStore<Bytes, byte[]> store) {
    this.store = store;
  }

  @Override
  public Long number(String scopeOrNull, String id) {
    return getLong(documentKey(scopeOrNull, id));
  }

  @Override
  public void putNumber(String scopeOrNull, String id, Long numberOrNull) {
    putLong(documentKey(scopeOrNull, id), numberOrNull);
  }

  @Override
  public ClusterVertex vertex(long number) {
    return get(VERTICES, key(VERTEX, number));
  }

  @Override
  public void putVertex(long number, ClusterVertex vertexOrNull) {
    put(VERTICES, key(VERTEX, number), vertexOrNull);
  }

  @Override
  public ClusterNode node(long number) {
    return get(NODES, key(NODE, number));
  }

  @Override
  public void putNode(long number, ClusterNode nodeOrNull) {
    put(NODES, key(NODE, number), nodeOrNull);
  }

  @Override
  public void putChild(long twin, boolean linked, long child, boolean present) {
    store.put(key(side(linked), twin, child), present ? EMPTY : null);
  }

  @Override
  public Long nextChild(long twin, boolean linked, long after) {
    byte side = side(linked);
    try (KeyValueIterator<Bytes, byte[]> found =
        store.range(key(side, twin, after + 1), key(side, twin, Long.MAX_VALUE))) {
      return found.hasNext()
          ? ByteBuffer.wrap(found.next().key.get()).getLong(1 + Long.BYTES)
          : null;
    }
  }

  @Override
  public Long head(long node, long slot) {
    return getLong(key(HEAD, node, slot));
  }

  @Override
  public void putHead(long node, long slot, Long headOrNull) {
    putLong(key(HEAD, node, slot), headOrNull);
  }

  @Override
  public ClusterWork work(long position) {
    return get(WORKS, key(WORK, position));
  }

  @Override
  public void putWork(long position, ClusterWork workOrNull) {
    put(WORKS, key(WORK, position), workOrNull);
  }

  @Override
  public Long frontier(long position) {
    return getLong(key(FRONTIER, position));
  }

  @Override
  public void putFrontier(long position, Long vertexOrNull) {
    putLong(key(FRONTIER, position), vertexOrNull);
  }

  @Override
  public ClusterTask task() {
    return get(TASKS, key(TASK));
  }

  @Override
  public void putTask(ClusterTask task) {
    put(TASKS, key(TASK), task);
  }

  private static byte side(boolean linked) {
    return linked ? LINKED_CHILD : UNLINKED_CHILD;
  }

  private <T extends SpecificRecord> T get(BinaryAvroSerde<T> serde, Bytes key) {
    return serde.deserializer().deserialize(store.name(), store.get(key));
  }

  private <T extends SpecificRecord> void put(BinaryAvroSerde<T> serde, Bytes key, T valueOrNull) {
    store.put(key, serde.serializer().serialize(store.name(), valueOrNull));
  }

  private Long getLong(Bytes key) {
    byte[] found = store.get(key);
    return found == null ? null : Long.valueOf(ByteBuffer.wrap(found).getLong());
  }

  private void putLong(Bytes key, Long valueOrNull) {
    store.put(
        key,
        valueOrNull == null ? null : ByteBuffer.allocate(Long.BYTES).putLong(valueOrNull).array());
  }

  private static Bytes key(byte kind, long... parts) {
    ByteBuffer key = ByteBuffer.allocate(1 + parts.length * Long.BYTES).put(kind);
    for (long part : parts) {
      key.putLong(part);
    }
    return Bytes.wrap(key.array());
  }

  /**
   * A digest: the vertex has the id. The length of the scope, -1 for none, keeps a scope apart from
   * the id that follows it.
   */
  private static Bytes documentKey(String scopeOrNull, String id) {
    byte[] scope = scopeOrNull == null ? EMPTY : Utils.utf8(scopeOrNull);
    byte[] idBytes = Utils.utf8(id);
    byte[] digest =
        Digests.ofId(
            ByteBuffer.allocate(Integer.BYTES + scope.length + idBytes.length)
                .putInt(scopeOrNull == null ? -1 : scope.length)
                .put(scope)
                .put(idBytes)
                .array());
    return Bytes.wrap(ByteBuffer.allocate(1 + digest.length).put(NUMBER).put(digest).array());
  }
}
