package dev.twinstream.dedup;

import dev.twinstream.recall.HashSample;
import dev.twinstream.recall.OwnRecall;
import dev.twinstream.recall.RecallEstimate;
import dev.twinstream.recall.RecallKind;
import dev.twinstream.recall.SketchReservoir;
import dev.twinstream.schemas.internal.Match;
import dev.twinstream.schemas.internal.PartSketch;
import dev.twinstream.schemas.internal.Question;
import dev.twinstream.schemas.internal.Sketch;
import java.util.List;

/**
 * A content partition's part in the stream's estimate of its own recall. Samples say which share of
 * the true pairs within the partition have a bucket key in common; probes are searched for as
 * documents are, so that what full buckets drop counts as lost. Counts begin anew with each
 * process.
 */
final class ContentRecall {
  /** A sketch's objects, its place in the reservoir, and the buffer of its signature. */
  private static final int SKETCH_BYTES = 200;

  private static final int BUFFER_BYTES = 80;

  private final OwnRecall counted;
  private final HashSample newcomersOrNull;
  private final SketchReservoir<Sketch> reservoir;

  ContentRecall(
      OwnRecall counted,
      RecallParameters recall,
      ContentKeys keys,
      TwinDecision decision,
      DedupParameters parameters) {
    this.counted = counted;
    this.newcomersOrNull =
        recall.sampleOneIn() == 0 ? null : new HashSample(parameters.seed(), recall.sampleOneIn());
    this.reservoir =
        new SketchReservoir<>(
            SketchReservoir.Room.ofPartition(parameters.partitions()),
            ContentRecall::bytes,
            keys::keys,
            sketch -> keys.looked(sketch).all(),
            new PairRule(decision, parameters.permutations())::isPair);
  }

  /** About the heap that a sketch takes. */
  private static int bytes(Sketch sketch) {
    int bytes = SKETCH_BYTES + sketch.getSignature().remaining();
    bytes += sketch.getEncoding() == null ? 0 : BUFFER_BYTES + sketch.getEncoding().remaining();
    PartSketch parts = sketch.getParts();
    return parts == null
        ? bytes
        : bytes
            + 2 * BUFFER_BYTES
            + parts.getFingerprints().remaining()
            + parts.getSample().remaining();
  }

  /** Takes the sample up again from what is stored, and reads no further when it is full. */
  void fill(ContentStore store) {
    if (newcomersOrNull != null) {
      store.visitContents((address, content) -> reservoir.offer(address, content.getSketch()));
    }
  }

  /** Takes a content that is new to the partition. */
  void arrived(long address, Sketch sketch) {
    if (newcomersOrNull == null) {
      return;
    }
    if (newcomersOrNull.takes(address)) {
      counted.add(RecallKind.SAMPLE, reservoir.compare(address, sketch));
    }
    reservoir.offer(address, sketch);
  }

  /** Forgets a content. */
  void left(long address) {
    reservoir.remove(address);
  }

  /**
   * Counts what became of a probe. Where its content has left since it was asked, it counts as
   * lost; that is rare, and errs on the low side.
   */
  void answered(Question probe, List<Match> matches) {
    long wanted = probe.getProbed();
    boolean found = matches.stream().anyMatch(match -> match.getAddress() == wanted);
    RecallEstimate outcome = RecallEstimate.NONE.plus(1, found ? 1 : 0);
    counted.add(RecallKind.PROBE, outcome);
    if (probe.getReachable()) {
      counted.add(RecallKind.REACHABLE_PROBE, outcome);
    }
  }
}
