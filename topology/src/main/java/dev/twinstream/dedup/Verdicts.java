package dev.twinstream.dedup;

import dev.twinstream.schemas.Verdict;
import dev.twinstream.schemas.VerdictKind;
import dev.twinstream.schemas.internal.Copy;
import dev.twinstream.schemas.internal.Decision;
import java.util.List;

/** Verdicts as they are published. */
final class Verdicts {
  private Verdicts() {}

  /** A verdict without version and revision. */
  static Verdict of(String id, long eventTime, Decision decision) {
    return verdict(id, eventTime)
        .setVerdict(decision.getVerdict())
        .setDuplicateOf(decision.getTwin() == null ? null : decision.getTwin().getId())
        .setProbability(decision.getProbability())
        .setJaccard(decision.getJaccard())
        .setContainment(decision.getContainment())
        .setCosine(decision.getCosine())
        .setKeys(decision.getKeys())
        .build();
  }

  /** The verdict of a document whose twin a user named; without version and revision. */
  static Verdict marked(String id, long eventTime, Copy twin) {
    return verdict(id, eventTime)
        .setVerdict(VerdictKind.near)
        .setDuplicateOf(twin.getId())
        .setProbability(1.0)
        .setKeys(List.of())
        .setMarked(true)
        .build();
  }

  private static Verdict.Builder verdict(String id, long eventTime) {
    return Verdict.newBuilder().setId(id).setVersion(0).setRevision(0).setEventTime(eventTime);
  }
}
