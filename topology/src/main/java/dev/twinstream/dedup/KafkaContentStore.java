package dev.twinstream.dedup;

import dev.twinstream.schemas.internal.Content;
import dev.twinstream.schemas.internal.Copy;
import dev.twinstream.schemas.internal.EventClock;
import dev.twinstream.schemas.internal.Exclusions;
import dev.twinstream.schemas.internal.HeadList;
import dev.twinstream.schemas.internal.Link;
import dev.twinstream.schemas.internal.Lookup;
import dev.twinstream.schemas.internal.PartSketch;
import dev.twinstream.schemas.internal.Sketch;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** {@link ContentStore} over key-value stores, whose keys {@link StoreKeys} describes. */
final class KafkaContentStore implements ContentStore {
  static final String CONTENTS = "contents";
  static final String COPIES = "copies";
  static final String HEADS = "heads";
  static final String EXCLUSIONS = "exclusions";
  static final String LINKS = "links";
  static final String LOOKUPS = "lookups";
  static final String CLOCK = "content-clock";

  private static final String GENERATION = "generation";

  /** Begins the keys of addresses that are kept for a text; too rare for a store of their own. */
  private static final String RESERVED = "reserved-";

  /** Begins the keys of contents with many links. */
  private static final String CROWDED = "crowded-";

  /** Begins the keys of contents whose copies are gone over. */
  private static final String WALK = "walk-";

  private static final String LATEST_PARTNER = "latest-partner";
  private static final String LATEST_EXCLUDING_PARTNER = "latest-excluding-partner";

  /**
   * A partition's share of the heap: some 2,000 texts. One that is searched for is asked for with
   * every answer, for about a second.
   */
  private static final long RECENT_BYTES = 2_000_000;

  /** What an object takes on the heap beside its bytes, about. */
  private static final int CONTENT_BYTES = 300;

  private final KeyValueStore<Bytes, Content> contents;
  private final KeyValueStore<Bytes, Long> copies;
  private final KeyValueStore<Bytes, HeadList> heads;
  private final KeyValueStore<Bytes, Exclusions> exclusions;
  private final KeyValueStore<Bytes, Link> links;
  private final KeyValueStore<String, Lookup> lookups;
  private final KeyValueStore<String, EventClock> clock;

  private final RecentlyUsed<Long, Content> recent =
      new RecentlyUsed<>(RECENT_BYTES, KafkaContentStore::bytes);

  private long generation;
  private long latestPartner;
  private long latestExcludingPartner;

  /** Most streams have no exclusions at all: then they are not looked for, which is often done. */
  private boolean mayExclude;

  KafkaContentStore(ProcessorContext<?, ?> context) {
    contents = context.getStateStore(CONTENTS);
    copies = context.getStateStore(COPIES);
    heads = context.getStateStore(HEADS);
    exclusions = context.getStateStore(EXCLUSIONS);
    links = context.getStateStore(LINKS);
    lookups = context.getStateStore(LOOKUPS);
    clock = context.getStateStore(CLOCK);
    try (KeyValueIterator<Bytes, Exclusions> any = exclusions.all()) {
      mayExclude = any.hasNext();
    }
    generation = last(GENERATION, 0);
    latestPartner = last(LATEST_PARTNER, Long.MIN_VALUE);
    latestExcludingPartner = last(LATEST_EXCLUDING_PARTNER, Long.MIN_VALUE);
  }

  @Override
  public Content content(long address) {
    Content known = recent.get(address);
    if (known != null) {
      return known;
    }
    Content read = contents.get(StoreKeys.address(address));
    if (read != null) {
      recent.put(address, read);
    }
    return read;
  }

  private static long bytes(Content content) {
    Sketch sketch = content.getSketch();
    long bytes = CONTENT_BYTES + sketch.getSignature().remaining();
    bytes += sketch.getEncoding() == null ? 0 : sketch.getEncoding().remaining();
    PartSketch parts = sketch.getParts();
    return parts == null
        ? bytes
        : bytes + parts.getFingerprints().remaining() + parts.getSample().remaining();
  }

  private long last(String name, long otherwise) {
    EventClock found = clock.get(name);
    return found == null ? otherwise : found.getGreatest();
  }

  @Override
  public void putContent(long address, Content contentOrNull) {
    contents.put(StoreKeys.address(address), contentOrNull);
    if (contentOrNull == null) {
      recent.remove(address);
    } else {
      recent.put(address, contentOrNull);
    }
  }

  @Override
  public Long reserved(long address) {
    return clockOrNull(RESERVED, address);
  }

  private Long clockOrNull(String kind, long address) {
    EventClock found = clock.get(kind + Long.toHexString(address));
    return found == null ? null : found.getGreatest();
  }

  @Override
  public void reserve(long address, long text) {
    clock.put(RESERVED + Long.toHexString(address), new EventClock(text));
  }

  @Override
  public void visitContents(ContentVisitor visitor) {
    try (KeyValueIterator<Bytes, Content> found = contents.all()) {
      boolean more = true;
      while (more && found.hasNext()) {
        KeyValue<Bytes, Content> entry = found.next();
        more = visitor.visit(StoreKeys.address(entry.key), entry.value);
      }
    }
  }

  @Override
  public long nextGeneration() {
    generation++;
    clock.put(GENERATION, new EventClock(generation));
    return generation;
  }

  @Override
  public Lookup lookup(String asker) {
    return lookups.get(asker);
  }

  @Override
  public void putLookup(String asker, Lookup lookupOrNull) {
    lookups.put(asker, lookupOrNull);
  }

  @Override
  public void visitLookups(BiConsumer<String, Lookup> visitor) {
    try (KeyValueIterator<String, Lookup> found = lookups.all()) {
      found.forEachRemaining(entry -> visitor.accept(entry.key, entry.value));
    }
  }

  @Override
  public void putCopy(long address, Copy copy) {
    copies.put(key(address, copy), copy.getVersion());
  }

  @Override
  public void removeCopy(long address, Copy copy) {
    copies.put(key(address, copy), null);
  }

  private static Bytes key(long address, Copy copy) {
    return StoreKeys.copy(address, copy.getEventTime(), copy.getId());
  }

  @Override
  public Copy copy(long address, long eventTime, String id) {
    Long version = copies.get(StoreKeys.copy(address, eventTime, id));
    return version == null ? null : new Copy(id, version, eventTime);
  }

  @Override
  public Copy copyBefore(long address, long first, long eventTime, String id) {
    Bytes place = StoreKeys.copy(address, eventTime, id);
    try (KeyValueIterator<Bytes, Long> found =
        copies.reverseRange(StoreKeys.copy(address, first, ""), place)) {
      return firstOther(found, place);
    }
  }

  @Override
  public Copy copyAfter(long address, long eventTime, String id) {
    Bytes place = StoreKeys.copy(address, eventTime, id);
    try (KeyValueIterator<Bytes, Long> found =
        copies.range(place, StoreKeys.afterCopies(address))) {
      return firstOther(found, place);
    }
  }

  private static Copy firstOther(KeyValueIterator<Bytes, Long> found, Bytes place) {
    while (found.hasNext()) {
      KeyValue<Bytes, Long> entry = found.next();
      if (!entry.key.equals(place)) {
        return copy(entry);
      }
    }
    return null;
  }

  private static Copy copy(KeyValue<Bytes, Long> entry) {
    return new Copy(StoreKeys.id(entry.key), entry.value, StoreKeys.eventTime(entry.key));
  }

  @Override
  public void visitCopies(
      long address, long first, String firstId, long last, CopyVisitor visitor) {
    Bytes end =
        last == Long.MAX_VALUE
            ? StoreKeys.afterCopies(address)
            : StoreKeys.copy(address, last + 1, "");
    try (KeyValueIterator<Bytes, Long> found =
        copies.range(StoreKeys.copy(address, first, firstId), end)) {
      boolean more = true;
      while (more && found.hasNext()) {
        more = visitor.visit(copy(found.next()));
      }
    }
  }

  @Override
  public List<Copy> heads(long address) {
    HeadList list = heads.get(StoreKeys.address(address));
    return list == null ? List.of() : list.getCopies();
  }

  @Override
  public void putHeads(long address, List<Copy> headsOrNull) {
    Bytes key = StoreKeys.address(address);
    if (headsOrNull != null) {
      heads.put(key, new HeadList(headsOrNull));
    } else if (heads.get(key) != null) {
      heads.put(key, null);
    }
  }

  @Override
  public List<String> excluded(long address, Copy copy) {
    Exclusions found = mayExclude ? exclusions.get(key(address, copy)) : null;
    return found == null ? List.of() : found.getIds();
  }

  @Override
  public void putExcluded(long address, Copy copy, List<String> excluded) {
    Bytes key = key(address, copy);
    if (!excluded.isEmpty()) {
      mayExclude = true;
      exclusions.put(key, new Exclusions(copy.getVersion(), excluded));
    } else if (mayExclude && exclusions.get(key) != null) {
      exclusions.put(key, null);
    }
  }

  @Override
  public void forEachExcluding(long address, Consumer<Copy> visitor) {
    if (!mayExclude) {
      return;
    }
    List<Copy> found = new ArrayList<>();
    try (KeyValueIterator<Bytes, Exclusions> entries =
        exclusions.prefixScan(StoreKeys.address(address), Serdes.Bytes().serializer())) {
      while (entries.hasNext()) {
        KeyValue<Bytes, Exclusions> entry = entries.next();
        found.add(
            new Copy(
                StoreKeys.id(entry.key), entry.value.getVersion(), StoreKeys.eventTime(entry.key)));
      }
    }
    found.forEach(visitor);
  }

  @Override
  public Link link(long address, long partner) {
    return links.get(StoreKeys.addresses(address, partner));
  }

  @Override
  public void putLink(long address, long partner, Link linkOrNull) {
    links.put(StoreKeys.addresses(address, partner), linkOrNull);
  }

  @Override
  public void forEachLink(long address, BiConsumer<Long, Link> visitor) {
    List<KeyValue<Bytes, Link>> found = new ArrayList<>();
    try (KeyValueIterator<Bytes, Link> entries =
        links.prefixScan(StoreKeys.address(address), Serdes.Bytes().serializer())) {
      entries.forEachRemaining(found::add);
    }
    found.forEach(entry -> visitor.accept(StoreKeys.partner(entry.key), entry.value));
  }

  @Override
  public Boolean crowded(long address) {
    Long found = clockOrNull(CROWDED, address);
    return found == null ? null : Boolean.valueOf(found > 0);
  }

  @Override
  public void putCrowded(long address, Boolean waitsOrNull) {
    String key = CROWDED + Long.toHexString(address);
    clock.put(key, waitsOrNull == null ? null : new EventClock(waitsOrNull ? 1L : 0L));
  }

  @Override
  public Long walk(long address) {
    return clockOrNull(WALK, address);
  }

  @Override
  public void putWalk(long address, Long owedOrNull) {
    String key = WALK + Long.toHexString(address);
    clock.put(key, owedOrNull == null ? null : new EventClock(owedOrNull));
  }

  @Override
  public long latestPartner(boolean excluding) {
    return excluding ? latestExcludingPartner : latestPartner;
  }

  @Override
  public void putLatestPartner(boolean excluding, long eventTime) {
    if (excluding) {
      latestExcludingPartner = eventTime;
    } else {
      latestPartner = eventTime;
    }
    clock.put(excluding ? LATEST_EXCLUDING_PARTNER : LATEST_PARTNER, new EventClock(eventTime));
  }
}
