package dev.twinstream.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twinstream.schemas.Document;
import dev.twinstream.schemas.Verdict;
import dev.twinstream.schemas.VerdictKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * A long chain and a large star of documents on a real broker, in random order, whole and after
 * deletes in the middle: clusters are the connected components of the published verdicts.
 */
class ChainAndStarTest {
  private static final int CHAIN = 300;
  private static final int BRIDGE = 40;
  private static final int STAR = 2000;
  private static final int WINDOW = 200;
  private static final int SHIFT = 8;

  private final TreeMap<String, Document> present = new TreeMap<>();
  private final Map<String, String> twins = new HashMap<>();
  private long ingested = System.currentTimeMillis() - 100_000;

  @Test
  void shouldFindTheConnectedComponentsOfAChainAndAStar() throws Exception {
    Random random = new Random(20261127);
    List<Document> documents = new ArrayList<>(chain(random));
    String center = Texts.random(random, 50);
    for (int i = 0; i < STAR; i++) {
      documents.add(new Document("star" + i, center, (long) i, "star", false));
    }
    Collections.shuffle(documents, random);
    Map<String, String> options =
        Map.of(
            TwinstreamConfig.BUNDLE,
            TwinstreamConfig.NO_ENCODER,
            RecallOptions.SAMPLE_ONE_IN,
            "0",
            RecallOptions.PROBE_ONE_IN,
            "0");
    try (EmbeddedPipeline pipeline = EmbeddedPipeline.start(options, letter -> {})) {
      for (Document document : documents) {
        present.put(document.getId(), document);
        pipeline.send(document, ingested++);
      }
      check(pipeline);
      assertThat(pipeline.results().cluster("chain" + (CHAIN - 1))).isEqualTo("chain0");
      assertThat(pipeline.results().cluster("star" + (STAR - 1))).isEqualTo("star0");

      delete(pipeline, "star0");
      for (int i = 0; i < BRIDGE; i++) {
        delete(pipeline, "chain" + (CHAIN / 2 + i));
      }
      check(pipeline);
      assertThat(pipeline.results().cluster("chain" + (CHAIN - 1)))
          .isEqualTo("chain" + (CHAIN / 2 + BRIDGE));
      assertThat(pipeline.results().cluster("chain1")).isEqualTo("chain0");
      assertThat(pipeline.results().cluster("star" + (STAR - 1))).isEqualTo("star1");
      assertThat(pipeline.results().revisionsThatDidNotGrow()).isEmpty();
      assertThat(Counted.total("postings-dropped-total")).isZero();
    }
  }

  /** Each text has all but a few words of the one before it; far ones have none in common. */
  private static List<Document> chain(Random random) {
    String[] words = Texts.random(random, WINDOW + SHIFT * CHAIN).split(" ");
    List<Document> chain = new ArrayList<>();
    for (int i = 0; i < CHAIN; i++) {
      String[] window = Arrays.copyOfRange(words, i * SHIFT, i * SHIFT + WINDOW);
      chain.add(new Document("chain" + i, String.join(" ", window), (long) i, "chain", false));
    }
    return chain;
  }

  private void delete(EmbeddedPipeline pipeline, String id) throws IOException {
    pipeline.send(new Document(id, null, null, present.remove(id).getScope(), true), ingested++);
    twins.remove(id);
  }

  private void check(EmbeddedPipeline pipeline) throws Exception {
    pipeline.awaitIdle(done -> {});
    for (String id : present.keySet()) {
      Verdict revised = pipeline.results().takeVerdict(id);
      if (revised != null) {
        assertThat(revised.getVerdict()).isNotEqualTo(VerdictKind.contained);
        twins.put(id, revised.getDuplicateOf());
      }
      assertThat(twins).as("a verdict of each").containsKey(id);
    }
    Map<String, String> earliest = components();
    Map<String, Long> sizes = new HashMap<>();
    earliest.values().forEach(id -> sizes.merge(id, 1L, Long::sum));
    for (String id : present.keySet()) {
      assertThat(pipeline.results().cluster(id))
          .as("cluster of %s", id)
          .isEqualTo(earliest.get(id));
      assertThat(pipeline.results().clusterSize(id))
          .as("size of the cluster of %s", id)
          .isEqualTo(sizes.get(earliest.get(id)));
    }
  }

  /** The earliest member of each document's component. */
  private Map<String, String> components() {
    Map<String, String> earliest = new HashMap<>();
    List<Document> inOrder = new ArrayList<>(present.values());
    inOrder.sort(Comparator.comparing(Document::getPublishedAt).thenComparing(Document::getId));
    for (Document document : inOrder) {
      String twin = twins.get(document.getId());
      // A twin is earlier, so that its component is known.
      earliest.put(document.getId(), twin == null ? document.getId() : earliest.get(twin));
    }
    return earliest;
  }
}
