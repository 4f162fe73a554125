package dev.twinstream.app;

import dev.twinstream.schemas.Document;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Arrivals, updates and deletes of exact and near copies, in random order but that of each id. */
final class Histories {
  /** Texts a scope has, each with a variant. */
  static final int BASES = 8;

  private Histories() {}

  /**
   * A stream of events.
   *
   * @param scopes each has a history of its own; one of them about 60 events
   */
  static List<Document> interleaved(int scopes, Random random) {
    List<Document> stream = new ArrayList<>();
    for (int i = 0; i < scopes; i++) {
      stream.addAll(interleave(histories("s" + i, random), random));
    }
    Collections.rotate(stream, stream.size() / 3);
    return keepingOrderOfIds(stream, random);
  }

  /** What each id ends as. */
  static Map<String, Document> last(List<Document> stream) {
    Map<String, Document> last = new HashMap<>();
    stream.forEach(event -> last.put(event.getId(), event));
    return last;
  }

  /** One list a document id: its arrival, perhaps an update, perhaps a delete. */
  private static List<List<Document>> histories(String scope, Random random) {
    List<List<Document>> histories = new ArrayList<>();
    for (int base = 0; base < BASES; base++) {
      String text = Texts.random(random, 300);
      String variant = Texts.withLastWordsChanged(text, 6, random);
      int copies = 2 + random.nextInt(3);
      for (int copy = 0; copy < copies; copy++) {
        histories.add(history(scope, "b" + base + "c" + copy, text, variant, random));
        if (copy < 2) {
          histories.add(history(scope, "b" + base + "v" + copy, variant, text, random));
        }
      }
    }
    return histories;
  }

  private static List<Document> history(
      String scope, String name, String text, String other, Random random) {
    String id = scope + "-" + name;
    List<Document> history = new ArrayList<>();
    history.add(new Document(id, text, time(random), scope, false));
    if (random.nextInt(4) == 0) {
      history.add(new Document(id, other, time(random), scope, false));
    }
    if (random.nextInt(4) == 0) {
      history.add(new Document(id, null, null, scope, true));
      if (random.nextInt(3) == 0) {
        history.add(new Document(id, text, time(random), scope, false));
      }
    }
    return history;
  }

  /** Few values, so that ties happen; some before 1970. */
  private static Long time(Random random) {
    return (random.nextInt(40) - 20) * 86_400_000L;
  }

  private static List<Document> interleave(List<List<Document>> histories, Random random) {
    List<Document> events = new ArrayList<>();
    histories.forEach(events::addAll);
    return keepingOrderOfIds(events, random);
  }

  /** Shuffles, then puts each id's events back into their order, in the places they have. */
  private static List<Document> keepingOrderOfIds(List<Document> events, Random random) {
    Map<String, List<Document>> byId = new HashMap<>();
    events.forEach(e -> byId.computeIfAbsent(e.getId(), id -> new ArrayList<>()).add(e));
    List<Document> shuffled = new ArrayList<>(events);
    Collections.shuffle(shuffled, random);
    Map<String, Integer> next = new HashMap<>();
    List<Document> ordered = new ArrayList<>();
    for (Document event : shuffled) {
      int at = next.merge(event.getId(), 1, Integer::sum) - 1;
      ordered.add(byId.get(event.getId()).get(at));
    }
    return ordered;
  }
}
