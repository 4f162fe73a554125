package dev.twinstream.encode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twinstream.encode.DocumentEncoder.Outcome;
import dev.twinstream.lsh.SemanticKeys;
import dev.twinstream.lsh.SemanticParameters;
import dev.twinstream.model.EncodedText;
import dev.twinstream.schemas.Document;
import dev.twinstream.schemas.internal.Arrival;
import dev.twinstream.schemas.internal.PendingArrival;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Processes that die of documents, one after the other, on one log of tries. */
class CarefulEncoderTest {
  /** What no part of the encoder catches. */
  private static final class Death extends Error {}

  private final InMemoryTriesLog log = new InMemoryTriesLog();
  private final Set<String> deadly = new HashSet<>();
  private final List<String> deaths = new ArrayList<>();

  private List<EncodedText> encode(List<String> texts) {
    for (String text : texts) {
      if (deadly.contains(text)) {
        deaths.add(text);
        throw new Death();
      }
    }
    return texts.stream().map(text -> new EncodedText(new float[64], 1, false)).toList();
  }

  private CarefulEncoder process() {
    SemanticKeys keys =
        SemanticKeys.of(
            new SemanticParameters(SemanticParameters.Family.CROSS_POLYTOPE, 8, 2, 40, 1),
            64,
            null,
            0);
    return new CarefulEncoder(new DocumentEncoder(this::encode, "model", keys, 1000), log, 2);
  }

  private static List<PendingArrival> batch(int from, int to) {
    List<PendingArrival> batch = new ArrayList<>();
    for (long offset = from; offset < to; offset++) {
      String name = "d" + offset;
      Document document = new Document(name, name, null, null, false);
      batch.add(new PendingArrival(2, offset, 0L, new Arrival(0L, document, null, false, null)));
    }
    return batch;
  }

  /** Runs all batches from the start in processes that begin anew after a death. */
  private List<Outcome> run(int documents, int size) {
    for (int starts = 0; starts < 100; starts++) {
      List<Outcome> outcomes = new ArrayList<>();
      try {
        CarefulEncoder process = process();
        for (int from = 0; from < documents; from += size) {
          outcomes.addAll(process.encode(batch(from, Math.min(documents, from + size))));
        }
        return outcomes;
      } catch (Death e) {
        continue;
      }
    }
    throw new AssertionError("processes die for ever: " + deaths);
  }

  private static List<String> refused(List<Outcome> outcomes) {
    List<String> refused = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      if (outcome.failure() != null) {
        assertThat(outcome.failure()).hasMessageContaining("the process has ended 3 times");
        refused.add(outcome.arrival().getDocument().getId());
      }
    }
    return refused;
  }

  @Test
  void shouldRefuseADeadlyDocumentAtTheFourthStart() {
    deadly.add("d4");
    assertThat(refused(run(20, 8))).containsExactly("d4");
    assertThat(deaths).containsExactly("d4", "d4", "d4");
  }

  @Test
  void shouldRefuseOnlyTheDeadlyOnesWhereverTheyAre() {
    Random random = new Random(5);
    for (int round = 0; round < 200; round++) {
      deadly.clear();
      deaths.clear();
      log.write(2, new dev.twinstream.schemas.internal.EncodeTries(List.of()));
      for (int i = random.nextInt(5); i > 0; i--) {
        deadly.add("d" + random.nextInt(40));
      }
      List<Outcome> outcomes = run(40, 1 + random.nextInt(12));
      assertThat(outcomes).hasSize(40);
      assertThat(refused(outcomes))
          .as("round %d", round)
          .containsExactlyInAnyOrderElementsOf(deadly);
      assertThat(deaths).hasSizeLessThanOrEqualTo(3 * deadly.size() + deadly.size());
    }
  }

  @Test
  void shouldWriteOnceABatchWhereAllIsWell() {
    CarefulEncoder process = process();
    process.encode(batch(0, 8));
    process.encode(batch(8, 16));
    assertThat(log.writes).isEqualTo(2);
    assertThat(log.last(2).getDocuments()).hasSize(8);
    List<PendingArrival> deletes = batch(16, 18);
    deletes.forEach(entry -> entry.getArrival().getDocument().setDeleted(true));
    process.encode(deletes);
    assertThat(log.writes).isEqualTo(2);
  }
}
