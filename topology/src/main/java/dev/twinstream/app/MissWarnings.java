package dev.twinstream.app;

import dev.twinstream.lsh.Banding;
import dev.twinstream.lsh.LshPlan;
import dev.twinstream.lsh.SemanticKeys;
import java.util.Locale;
import java.util.Optional;

/** What to say at the start of keys that miss too many of the pairs they should bring together. */
final class MissWarnings {
  private MissWarnings() {}

  /**
   * @param threshold Jaccard similarity
   */
  static Optional<String> lexical(Banding banding, double threshold) {
    return warning(
        banding.candidateProbability(threshold),
        String.format(
            Locale.ROOT,
            "%d lexical bands of %d rows bring together only %%.2f of the texts whose Jaccard"
                + " similarity is %s (%s): raise %s or %s",
            banding.bands(),
            banding.rows(),
            threshold,
            TwinstreamConfig.THRESHOLD,
            TwinstreamConfig.MOST_BANDS,
            TwinstreamConfig.FALSE_NEGATIVE_WEIGHT));
  }

  /**
   * @param threshold cosine after centring
   */
  static Optional<String> semantic(SemanticKeys keys, double threshold) {
    return warning(
        keys.recall(threshold),
        String.format(
            Locale.ROOT,
            "the semantic keys bring together only %%.2f of the texts whose cosine after centring"
                + " is %s (%s): raise %s or %s, or lower %s",
            threshold,
            SemanticOptions.THRESHOLD,
            SemanticOptions.PROBES,
            SemanticOptions.TABLES,
            SemanticOptions.FUNCTIONS));
  }

  private static Optional<String> warning(double recall, String sentence) {
    return recall >= LshPlan.LEAST_RECALL
        ? Optional.empty()
        : Optional.of(
            String.format(Locale.ROOT, sentence, recall) + "; lsh plan shows what that costs");
  }
}
