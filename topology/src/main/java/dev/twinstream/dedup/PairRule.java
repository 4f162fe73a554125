package dev.twinstream.dedup;

import dev.twinstream.lsh.BBitSignature;
import dev.twinstream.schemas.internal.Sketch;

/**
 * Which contents are true pairs to the stream's estimate of its own recall: those whose link would
 * be kept if they met. The cosine has no part in that.
 *
 * @param components of a signature
 */
record PairRule(TwinDecision decision, int components) {
  boolean isPair(Sketch a, Sketch b) {
    if (a.getScope() != b.getScope()) {
      return false;
    }
    int matches = BBitSignature.matches(a.getSignature(), b.getSignature(), components);
    return decision.isLink(
        new Evidence(
            matches, components, a.getShingles(), b.getShingles(), null, PartSketches.of(a, b)));
  }
}
