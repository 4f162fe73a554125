package dev.twinstream.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twinstream.schemas.internal.Content;
import dev.twinstream.schemas.internal.Copy;
import dev.twinstream.schemas.internal.Link;
import dev.twinstream.schemas.internal.Lookup;
import dev.twinstream.schemas.serde.BinaryAvroSerde;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;

/** A content partition's memory for tests. Records are copied, as a store on disk would. */
class InMemoryContentStore implements ContentStore {
  private static final BinaryAvroSerde<Lookup> LOOKUP = new BinaryAvroSerde<>(Lookup.class);
  private static final BinaryAvroSerde<Link> LINK = new BinaryAvroSerde<>(Link.class);

  /** Behind all copies. */
  private static final Copy LAST = new Copy("\uDBFF\uDFFF", 0L, Long.MAX_VALUE);

  private final Map<Long, Content> contents = new HashMap<>();
  private final Map<Long, Long> reservations = new HashMap<>();
  long linksRead;
  private final Map<Long, Boolean> crowded = new HashMap<>();
  private final Map<Long, Long> walks = new HashMap<>();
  private final Map<String, Lookup> lookups = new HashMap<>();
  private final Map<Long, NavigableSet<Copy>> copies = new HashMap<>();
  private final Map<Long, NavigableSet<Copy>> leftCopies = new HashMap<>();

  /** Copies that have left, and that a store on disk would pass over to answer. */
  long passedOver;

  private final Map<Long, List<Copy>> heads = new HashMap<>();
  private final Map<Long, TreeMap<Copy, List<String>>> exclusions = new HashMap<>();
  private final Map<Long, TreeMap<Long, Link>> links = new HashMap<>();
  private long generation;
  private long latestPartner = Long.MIN_VALUE;
  private long latestExcludingPartner = Long.MIN_VALUE;

  /** Records that a partition without contents should not have. */
  int leftovers() {
    return lookups.size()
        + contents.size()
        + heads.size()
        + crowded.size()
        + walks.size()
        + copies.values().stream().mapToInt(NavigableSet::size).sum()
        + exclusions.values().stream().mapToInt(Map::size).sum()
        + links.values().stream().mapToInt(Map::size).sum();
  }

  @Override
  public Content content(long address) {
    return contents.get(address);
  }

  @Override
  public void putContent(long address, Content contentOrNull) {
    put(contents, address, contentOrNull);
  }

  private static <T extends SpecificRecord> T copy(T record, BinaryAvroSerde<T> serde) {
    return serde.deserializer().deserialize("", serde.serializer().serialize("", record));
  }

  private static <K, V> void put(Map<K, V> map, K key, V valueOrNull) {
    if (valueOrNull == null) {
      map.remove(key);
    } else {
      map.put(key, valueOrNull);
    }
  }

  @Override
  public Long reserved(long address) {
    return reservations.get(address);
  }

  @Override
  public void reserve(long address, long text) {
    reservations.put(address, text);
  }

  @Override
  public Boolean crowded(long address) {
    return crowded.get(address);
  }

  @Override
  public void putCrowded(long address, Boolean waitsOrNull) {
    put(crowded, address, waitsOrNull);
  }

  @Override
  public Long walk(long address) {
    return walks.get(address);
  }

  @Override
  public void putWalk(long address, Long owedOrNull) {
    put(walks, address, owedOrNull);
  }

  @Override
  public void visitContents(ContentVisitor visitor) {
    for (Map.Entry<Long, Content> entry : new TreeMap<>(contents).entrySet()) {
      if (!visitor.visit(entry.getKey(), entry.getValue())) {
        return;
      }
    }
  }

  @Override
  public long nextGeneration() {
    return ++generation;
  }

  @Override
  public Lookup lookup(String asker) {
    Lookup lookup = lookups.get(asker);
    return lookup == null ? null : copy(lookup, LOOKUP);
  }

  @Override
  public void putLookup(String asker, Lookup lookupOrNull) {
    put(lookups, asker, lookupOrNull);
  }

  @Override
  public void visitLookups(BiConsumer<String, Lookup> visitor) {
    lookups.forEach((asker, lookup) -> visitor.accept(asker, copy(lookup, LOOKUP)));
  }

  private NavigableSet<Copy> copies(long address) {
    return copies.computeIfAbsent(address, a -> new TreeSet<>(DocumentOrder::compare));
  }

  private void passOver(long address, Copy first, Copy last) {
    passedOver +=
        leftCopies
            .computeIfAbsent(address, a -> new TreeSet<>(DocumentOrder::compare))
            .subSet(first, false, last, false)
            .size();
  }

  @Override
  public void putCopy(long address, Copy copy) {
    copies(address).remove(copy);
    copies(address).add(copy);
  }

  @Override
  public void removeCopy(long address, Copy copy) {
    copies(address).remove(copy);
    leftCopies.computeIfAbsent(address, a -> new TreeSet<>(DocumentOrder::compare)).add(copy);
  }

  @Override
  public Copy copy(long address, long eventTime, String id) {
    Copy place = new Copy(id, 0L, eventTime);
    Copy found = copies(address).floor(place);
    return found != null && DocumentOrder.compare(found, place) == 0 ? found : null;
  }

  @Override
  public Copy copyBefore(long address, long first, long eventTime, String id) {
    Copy place = new Copy(id, 0L, eventTime);
    Copy found = copies(address).lower(place);
    assertThat(found == null || found.getEventTime() >= first).isTrue();
    passOver(address, found == null ? new Copy("", 0L, first) : found, place);
    return found;
  }

  @Override
  public Copy copyAfter(long address, long eventTime, String id) {
    Copy place = new Copy(id, 0L, eventTime);
    Copy found = copies(address).higher(place);
    passOver(address, place, found == null ? LAST : found);
    return found;
  }

  @Override
  public void visitCopies(
      long address, long first, String firstId, long last, CopyVisitor visitor) {
    Copy start = new Copy(firstId, 0L, first);
    for (Copy copy : copies(address).tailSet(start, true)) {
      if (copy.getEventTime() > last || !visitor.visit(copy)) {
        passOver(address, start, copy);
        return;
      }
    }
    passOver(address, start, last == Long.MAX_VALUE ? LAST : new Copy("", 0L, last + 1));
  }

  @Override
  public List<Copy> heads(long address) {
    return heads.getOrDefault(address, List.of());
  }

  @Override
  public void putHeads(long address, List<Copy> headsOrNull) {
    put(heads, address, headsOrNull);
  }

  private TreeMap<Copy, List<String>> exclusions(long address) {
    return exclusions.computeIfAbsent(address, a -> new TreeMap<>(DocumentOrder::compare));
  }

  @Override
  public List<String> excluded(long address, Copy copy) {
    return exclusions(address).getOrDefault(copy, List.of());
  }

  @Override
  public void putExcluded(long address, Copy copy, List<String> excluded) {
    exclusions(address).remove(copy);
    put(exclusions(address), copy, excluded.isEmpty() ? null : excluded);
  }

  @Override
  public void forEachExcluding(long address, Consumer<Copy> visitor) {
    new ArrayList<>(exclusions(address).keySet()).forEach(visitor);
  }

  @Override
  public Link link(long address, long partner) {
    Link link = links.computeIfAbsent(address, a -> new TreeMap<>()).get(partner);
    return link == null ? null : copy(link, LINK);
  }

  @Override
  public void putLink(long address, long partner, Link linkOrNull) {
    put(links.computeIfAbsent(address, a -> new TreeMap<>()), partner, linkOrNull);
  }

  @Override
  public void forEachLink(long address, BiConsumer<Long, Link> visitor) {
    TreeMap<Long, Link> all = new TreeMap<>(links.getOrDefault(address, new TreeMap<>()));
    linksRead += all.size();
    all.forEach(visitor);
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
  }
}
