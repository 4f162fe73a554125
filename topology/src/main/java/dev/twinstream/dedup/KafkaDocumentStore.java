package dev.twinstream.dedup;

import dev.twinstream.schemas.internal.EventClock;
import dev.twinstream.schemas.internal.Link;
import dev.twinstream.schemas.internal.Progress;
import dev.twinstream.schemas.internal.Sketch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * {@link DocumentStore} over key-value stores. Links are keyed by (length of the id, id, side,
 * partner), so that one side of one document is one prefix; expiries by (event time, id).
 */
final class KafkaDocumentStore implements DocumentStore {
  private static final String CLOCK = "event-time";

  private final KeyValueStore<String, Sketch> sketches;
  private final KeyValueStore<String, Progress> progress;
  private final KeyValueStore<Bytes, Link> links;
  private final KeyValueStore<String, EventClock> clock;
  private final KeyValueStore<Bytes, byte[]> expiries;

  KafkaDocumentStore(
      KeyValueStore<String, Sketch> sketches,
      KeyValueStore<String, Progress> progress,
      KeyValueStore<Bytes, Link> links,
      KeyValueStore<String, EventClock> clock,
      KeyValueStore<Bytes, byte[]> expiries) {
    this.sketches = sketches;
    this.progress = progress;
    this.links = links;
    this.clock = clock;
    this.expiries = expiries;
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
  public Long greatestEventTime() {
    EventClock found = clock.get(CLOCK);
    return found == null ? null : Long.valueOf(found.getGreatest());
  }

  @Override
  public void putGreatestEventTime(long eventTime) {
    clock.put(CLOCK, new EventClock(eventTime));
  }

  @Override
  public void putExpiry(long eventTime, String id, boolean present) {
    expiries.put(expiryKey(eventTime, id), present ? new byte[0] : null);
  }

  @Override
  public List<String> expiriesBefore(long eventTime, int limit) {
    List<String> ids = new ArrayList<>();
    try (KeyValueIterator<Bytes, byte[]> found = expiries.range(null, expiryKey(eventTime, ""))) {
      while (found.hasNext() && ids.size() < limit) {
        byte[] key = found.next().key.get();
        ids.add(Utils.utf8(ByteBuffer.wrap(key, Long.BYTES, key.length - Long.BYTES)));
      }
    }
    return ids;
  }

  /** Bytes compare without sign: flipping it puts times before 1970 first. */
  private static Bytes expiryKey(long eventTime, String id) {
    byte[] idBytes = Utils.utf8(id);
    return Bytes.wrap(
        ByteBuffer.allocate(Long.BYTES + idBytes.length)
            .putLong(eventTime ^ Long.MIN_VALUE)
            .put(idBytes)
            .array());
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
