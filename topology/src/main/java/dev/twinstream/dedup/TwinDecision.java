package dev.twinstream.dedup;

import dev.twinstream.schemas.VerdictKind;
import java.util.List;

/** Interim. */
public final class TwinDecision {
  /** A link with the earlier copy that it offers. */
  public record Linked(Evidence evidence, long eventTime, String id) {}

  /** What was chosen. */
  public record Choice(int index, VerdictKind kind, double probability) {}

  private final TwinProbability probability;

  public TwinDecision(int permutations, double threshold) {
    probability = new TwinProbability(permutations, threshold);
  }

  /** Whether a pair is worth remembering. */
  public boolean isLink(Evidence evidence) {
    return probability.of(evidence.matches()) >= 0.5;
  }

  /** The chosen, or null. */
  public Choice decide(List<Linked> links) {
    int best = -1;
    for (int i = 0; i < links.size(); i++) {
      if (best < 0 || isBetter(links.get(i), links.get(best))) {
        best = i;
      }
    }
    return best < 0
        ? null
        : new Choice(
            best, VerdictKind.near, probability.of(links.get(best).evidence().matches()));
  }

  private boolean isBetter(Linked a, Linked b) {
    int byProbability =
        Double.compare(
            probability.of(a.evidence().matches()), probability.of(b.evidence().matches()));
    return byProbability != 0
        ? byProbability > 0
        : DocumentOrder.compare(a.eventTime(), a.id(), b.eventTime(), b.id()) < 0;
  }
}
