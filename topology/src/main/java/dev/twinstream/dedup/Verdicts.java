package dev.twinstream.dedup;

import dev.twinstream.lsh.QuantizedEncoding;
import dev.twinstream.schemas.Verdict;
import dev.twinstream.schemas.VerdictKind;
import dev.twinstream.schemas.internal.Copy;
import dev.twinstream.schemas.internal.Decision;
import dev.twinstream.schemas.internal.Sketch;
import java.util.List;

/** Verdicts as they are published. */
final class Verdicts {
  /** A share of 1, in ten-thousandths. */
  static final int WHOLE = 10_000;

  private Verdicts() {}

  /** A verdict without version and revision. */
  static Verdict of(String id, long eventTime, Decision decision) {
    return verdict(id, eventTime)
        .setVerdict(decision.getVerdict())
        .setDuplicateOf(decision.getTwin() == null ? null : decision.getTwin().getId())
        .setProbability(share(decision.getProbability()))
        .setJaccard(share(decision.getJaccard()))
        .setContainment(share(decision.getContainment()))
        .setCosine(share(decision.getCosine()))
        .setKeys(decision.getKeys())
        .build();
  }

  /**
   * Shares of 1, and cosines, are published to four decimals, and kept in ten-thousandths: two
   * bytes or three.
   */
  static Integer tenThousandths(Double shareOrNull) {
    return shareOrNull == null ? null : Integer.valueOf((int) Math.round(shareOrNull * WHOLE));
  }

  /** The cosine of two texts' encodings, as it is kept; null where one has none. */
  static Integer cosine(Sketch a, Sketch b) {
    return a.getEncoding() == null || b.getEncoding() == null
        ? null
        : tenThousandths(QuantizedEncoding.cosine(a.getEncoding(), b.getEncoding()));
  }

  static Double share(Integer tenThousandthsOrNull) {
    return tenThousandthsOrNull == null
        ? null
        : Double.valueOf((double) tenThousandthsOrNull / WHOLE);
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
