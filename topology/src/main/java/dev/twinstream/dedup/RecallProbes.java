package dev.twinstream.dedup;

import dev.twinstream.lsh.BucketKeys;
import dev.twinstream.lsh.LexicalSketch;
import dev.twinstream.lsh.LexicalSketcher;
import dev.twinstream.recall.DamagedCopy;
import dev.twinstream.recall.HashSample;
import dev.twinstream.schemas.Document;
import dev.twinstream.schemas.VerdictKind;
import dev.twinstream.schemas.internal.Copy;
import dev.twinstream.schemas.internal.Decision;
import dev.twinstream.schemas.internal.DocumentState;
import dev.twinstream.schemas.internal.Probe;
import dev.twinstream.schemas.internal.Question;
import dev.twinstream.schemas.internal.QuestionArrived;
import dev.twinstream.schemas.internal.Sketch;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Damaged copies of some documents, looked up like questions, see {@link ContentRecall}. A copy is
 * made while the text is at hand, and asked about when the document is decided: its content's
 * postings are stored by then. That does not hold for an exact copy, which is decided at once: its
 * probe is dropped. Copies are not encoded, so what is measured is the lexical search.
 */
final class RecallProbes {
  private final DocumentStore store;
  private final DocumentOutbox outbox;
  private final LexicalSketcher sketcher;
  private final ContentKeys keys;
  private final Addresses addresses;
  private final PairRule rule;
  private final HashSample sampleOrNull;
  private final DamagedCopy damage;

  RecallProbes(
      DocumentStore store,
      DocumentOutbox outbox,
      LexicalSketcher sketcher,
      ContentKeys keys,
      Addresses addresses,
      TwinDecision decision,
      DedupParameters parameters,
      RecallParameters recall) {
    this.store = store;
    this.outbox = outbox;
    this.sketcher = sketcher;
    this.keys = keys;
    this.addresses = addresses;
    this.rule = new PairRule(decision, parameters.permutations());
    this.sampleOrNull =
        recall.probeOneIn() == 0 ? null : new HashSample(parameters.seed(), recall.probeOneIn());
    this.damage =
        new DamagedCopy(parameters.shingleWords(), parameters.threshold(), parameters.seed());
  }

  private boolean takes(String id) {
    return sampleOrNull != null && sampleOrNull.takes(BucketKeys.scope(id));
  }

  /** Makes a damaged copy of a new version, and keeps it if the two are a true pair. */
  void arrived(Document document, DocumentState state, Sketch original) {
    String id = document.getId();
    if (!takes(id) || state.getAddress() == null) {
      return;
    }
    String text = damage.of(id, document.getText()).text();
    LexicalSketch lexical = sketcher.sketch(text, document.getScope());
    if (lexical.shingles() == 0 || lexical.textHash2() == original.getTextHash()) {
      return;
    }
    Sketch copy =
        new Sketch(
            original.getScope(),
            lexical.textHash2(),
            lexical.shingles(),
            ByteBuffer.wrap(lexical.signature()),
            null,
            PartSketches.sketch(lexical));
    if (rule.isPair(original, copy)) {
      Copy asking = new Copy(id, state.getVersion(), state.getEventTime());
      long address = addresses.first(lexical.textHash1(), copy.getScope());
      store.putProbe(
          id, new Probe(address, new Question(asking, copy, null, isReachable(original, copy))));
    }
  }

  private boolean isReachable(Sketch original, Sketch copy) {
    Set<Long> stored = LongStream.of(keys.keys(original)).boxed().collect(Collectors.toSet());
    return LongStream.of(keys.looked(copy).all()).anyMatch(stored::contains);
  }

  /** Asks about the copy of a document that has just been decided. */
  void decided(String id, DocumentState state, Decision decision) {
    Probe probe = takes(id) ? store.probe(id) : null;
    if (probe == null) {
      return;
    }
    store.putProbe(id, null);
    if (decision.getVerdict() != VerdictKind.exact) {
      probe.getQuestion().setProbed(state.getAddress());
      outbox.toContent(probe.getAddress(), new QuestionArrived(probe.getQuestion()));
    }
  }

  /** Forgets the copy of a version that is no more. */
  void left(String id) {
    if (takes(id) && store.probe(id) != null) {
      store.putProbe(id, null);
    }
  }
}
