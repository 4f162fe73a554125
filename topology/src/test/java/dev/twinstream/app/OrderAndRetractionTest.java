package dev.twinstream.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twinstream.schemas.Document;
import dev.twinstream.schemas.Verdict;
import java.util.ArrayList;
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

  @Test
  void shouldReachTheStateOfBruteForceInWhateverOrderDocumentsCome() throws Exception {
    Random random = new Random(20261124);
    List<Document> stream = Histories.interleaved(INTERLEAVINGS, random);
    Map<String, Document> expected = Histories.last(stream);
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
      assertThat(pairs).isGreaterThan(INTERLEAVINGS * Histories.BASES);
      assertThat(pipeline.results().revisionsThatDidNotGrow()).isEmpty();
      assertThat(Counted.total("postings-dropped-total")).isZero();
    }
  }
}
