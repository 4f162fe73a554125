package dev.twinstream.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twinstream.schemas.Document;
import dev.twinstream.schemas.Verdict;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The promise that the final state hangs on the documents alone, not on the order in which they
 * came: real broker, 4 partitions, 2 stream threads, 24 random interleavings of arrivals, updates
 * and deletes, each in a scope of its own, against brute force.
 */
class OrderAndRetractionTest {
  private static final int INTERLEAVINGS = 24;
  private static final int BASES = 8;

  @Test
  void shouldReachTheStateOfBruteForceInWhateverOrderDocumentsCome() throws Exception {
    Random random = new Random(20261124);
    List<Document> stream = new ArrayList<>();
    Map<String, Document> expected = new HashMap<>();
    for (int i = 0; i < INTERLEAVINGS; i++) {
      List<Document> events = interleave(histories("s" + i, random), random);
      stream.addAll(events);
      events.forEach(event -> expected.put(event.getId(), event));
    }
    Collections.rotate(stream, stream.size() / 3);
    stream = keepingOrderOfIds(stream, random);
    stream.forEach(event -> expected.put(event.getId(), event));
    List<String> deadLetters = new ArrayList<>();
    try (EmbeddedPipeline pipeline =
        EmbeddedPipeline.start(
            Map.of(TwinstreamConfig.BUNDLE, Texts.FAST_MODEL),
            letter -> deadLetters.add(letter.getCause()))) {
      long time = System.currentTimeMillis() - 100_000;
      for (Document event : stream) {
        pipeline.send(event, time++);
      }
      pipeline.awaitIdle(done -> {});
      assertThat(deadLetters).isEmpty();
      Map<String, String> twins = BruteForce.twins(expected.values());
      Map<String, Long> sizes = BruteForce.sizes(twins);
      int pairs = 0;
      for (Document document : expected.values()) {
        String id = document.getId();
        String cluster = pipeline.results().cluster(id);
        Verdict verdict = pipeline.results().takeVerdict(id);
        if (document.getDeleted()) {
          assertThat(verdict).as("verdict of deleted %s", id).isNull();
          assertThat(cluster).as("cluster of deleted %s", id).isNull();
          continue;
        }
        assertThat(verdict).as("verdict of %s", id).isNotNull();
        assertThat(verdict.getDuplicateOf()).as("twin of %s", id).isEqualTo(twins.get(id));
        assertThat(cluster).as("cluster of %s", id).isEqualTo(BruteForce.root(id, twins));
        assertThat(pipeline.results().clusterSize(id))
            .as("size of the cluster of %s", id)
            .isEqualTo(sizes.get(cluster));
        pairs += twins.get(id) == null ? 0 : 1;
      }
      assertThat(pairs).isGreaterThan(INTERLEAVINGS * BASES);
      assertThat(pipeline.results().revisionsThatDidNotGrow()).isEmpty();
      assertThat(Counted.total("postings-dropped-total")).isZero();
    }
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
