package dev.twinstream.dedup;

import dev.twinstream.schemas.internal.Link;
import dev.twinstream.schemas.internal.Progress;
import dev.twinstream.schemas.internal.Sketch;
import java.nio.ByteBuffer;
import java.util.function.BiConsumer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * {@link DocumentStore} over three key-value stores. Links are keyed by (length of the id, id,
 * side, partner), so that one side of one document is one prefix.
 */
final class KafkaDocumentStore implements DocumentStore {
  private final KeyValueStore<String, Sketch> sketches;
  private final KeyValueStore<String, Progress> progress;
  private final KeyValueStore<Bytes, Link> links;

  KafkaDocumentStore(
      KeyValueStore<String, Sketch> sketches,
      KeyValueStore<String, Progress> progress,
      KeyValueStore<Bytes, Link> links) {
    this.sketches = sketches;
    this.progress = progress;
    this.links = links;
  }

  @Override
  public Sketch sketch(String id) {
    return sketches.get(id);
  }

  @Override
  public void putSketch(String id, Sketch sketchOrNull) {
    sketches.put(id, sketchOrNull);
  }

  @Override
  public Progress progress(String id) {
    return progress.get(id);
  }

  @Override
  public void putProgress(String id, Progress value) {
    progress.put(id, value);
  }

  @Override
  public Link link(String id, Side side, String partner) {
    return links.get(key(id, side, partner));
  }

  @Override
  public void putLink(String id, Side side, String partner, Link linkOrNull) {
    links.put(key(id, side, partner), linkOrNull);
  }

  @Override
  public void forEachLink(String id, Side side, BiConsumer<String, Link> visitor) {
    Bytes prefix = key(id, side, "");
    int skip = prefix.get().length;
    try (KeyValueIterator<Bytes, Link> found =
        links.prefixScan(prefix, Serdes.Bytes().serializer())) {
      while (found.hasNext()) {
        KeyValue<Bytes, Link> entry = found.next();
        byte[] key = entry.key.get();
        visitor.accept(Utils.utf8(ByteBuffer.wrap(key, skip, key.length - skip)), entry.value);
      }
    }
  }

  private static Bytes key(String id, Side side, String partner) {
    byte[] idBytes = Utils.utf8(id);
    byte[] partnerBytes = Utils.utf8(partner);
    return Bytes.wrap(
        ByteBuffer.allocate(Integer.BYTES + idBytes.length + 1 + partnerBytes.length)
            .putInt(idBytes.length)
            .put(idBytes)
            .put((byte) side.ordinal())
            .put(partnerBytes)
            .array());
  }
}
