package dev.twinstream.dedup;

import dev.twinstream.lsh.BucketKeys;
import dev.twinstream.lsh.LexicalSketch;
import dev.twinstream.lsh.LexicalSketcher;
import dev.twinstream.lsh.QuantizedEncoding;
import dev.twinstream.schemas.Document;
import dev.twinstream.schemas.Verdict;
import dev.twinstream.schemas.VerdictKind;
import dev.twinstream.schemas.internal.Arrival;
import dev.twinstream.schemas.internal.Copy;
import dev.twinstream.schemas.internal.CopyArrived;
import dev.twinstream.schemas.internal.CopyLeft;
import dev.twinstream.schemas.internal.Decision;
import dev.twinstream.schemas.internal.DocumentState;
import dev.twinstream.schemas.internal.ExpiryDue;
import dev.twinstream.schemas.internal.NodeAssigned;
import dev.twinstream.schemas.internal.PairMarked;
import dev.twinstream.schemas.internal.PartnerState;
import dev.twinstream.schemas.internal.Question;
import dev.twinstream.schemas.internal.QuestionArrived;
import dev.twinstream.schemas.internal.Sketch;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;

/**
 * One document partition: versions of documents, their coming and going, and what is published of
 * them. What a document is like is the business of its content, see {@link ContentEngine}.
 */
public final class DocumentEngine {
  private final DocumentStore store;
  private final DocumentOutbox outbox;
  private final LexicalSketcher sketcher;
  private final Addresses addresses;
  private final DedupParameters parameters;
  private final Publication publication;
  private final Marks marks;
  private final Expiry expiry;
  private final RecallProbes probes;

  public DocumentEngine(
      DocumentStore store,
      DocumentOutbox outbox,
      LexicalSketcher sketcher,
      ContentKeys keys,
      TwinDecision decision,
      DedupParameters parameters,
      RecallParameters recall) {
    this(store, outbox, sketcher, keys, decision, parameters, recall, Addresses.HASHED);
  }

  DocumentEngine(
      DocumentStore store,
      DocumentOutbox outbox,
      LexicalSketcher sketcher,
      ContentKeys keys,
      TwinDecision decision,
      DedupParameters parameters,
      RecallParameters recall,
      Addresses addresses) {
    this.store = store;
    this.addresses = addresses;
    this.outbox = outbox;
    this.sketcher = sketcher;
    this.parameters = parameters;
    this.expiry =
        new Expiry(store, parameters.expires() ? parameters.retentionMillis() : Long.MAX_VALUE);
    this.marks = new Marks(store, outbox, parameters.retentionMillis());
    this.probes =
        new RecallProbes(store, outbox, sketcher, keys, addresses, decision, parameters, recall);
    this.publication = new Publication(store, outbox, marks, parameters.clustersContained());
  }

  /**
   * Takes a new version of a document, its deletion, or a question.
   *
   * @param arrival the document, its ingestion time in milliseconds since 1970, and its encoding
   */
  public void arrive(Arrival arrival) {
    Document document = arrival.getDocument();
    String id = document.getId();
    if (arrival.getQuestion()) {
      ask(arrival);
      return;
    }
    DocumentState old = store.document(id);
    if (document.getDeleted()) {
      if (old == null) {
        // It may have been published before a reset, and its document be gone since.
        takeBack(id);
      } else {
        leave(id, old);
      }
      return;
    }
    LexicalSketch lexical = sketcher.sketch(document.getText(), document.getScope());
    Sketch sketch = sketch(arrival, lexical);
    if (old != null && sameContent(old, document, sketch)) {
      return;
    }
    if (old != null) {
      retract(id, old);
      if (!Objects.equals(old.getScope(), document.getScope())) {
        publication.leaveClusters(id, old);
      }
    }
    DocumentState state = state(arrival, sketch, lexical, old);
    if (old == null || !Objects.equals(old.getScope(), document.getScope())) {
      publication.enterScope(id, state);
    }
    store.putDocument(id, state);
    if (arrival.getPublished() != null) {
      outbox.encoding(id, arrival.getPublished());
    }
    Copy copy = Marks.copy(id, state);
    if (state.getAddress() != null) {
      outbox.toContent(state.getAddress(), new CopyArrived(copy, sketch, marks.excluded(id)));
    }
    probes.arrived(document, state, sketch);
    marks.tellPartners(id, state, true);
    if (state.getAddress() == null) {
      // Empty texts are never alike.
      publication.decided(
          id,
          state,
          new Decision(
              state.getVersion(), VerdictKind.unique, null, null, null, null, null, List.of()));
    }
    expiry.arrived(id, state.getEventTime());
    expire();
  }

  private void ask(Arrival arrival) {
    Document document = arrival.getDocument();
    LexicalSketch lexical = sketcher.sketch(document.getText(), document.getScope());
    Sketch sketch = sketch(arrival, lexical);
    long time = EventTime.of(arrival, parameters.maxFutureMillis()).millis();
    Copy copy = new Copy(document.getId(), 0L, time);
    if (lexical.shingles() == 0) {
      Decision unique =
          new Decision(0L, VerdictKind.unique, null, null, null, null, null, List.of());
      Verdict answer = Verdicts.of(document.getId(), time, unique);
      answer.setRevision(1);
      outbox.answer(document.getId(), answer);
    } else {
      outbox.toContent(
          address(sketch, lexical), new QuestionArrived(new Question(copy, sketch, null, false)));
    }
  }

  private long address(Sketch sketch, LexicalSketch lexical) {
    return addresses.first(lexical.textHash1(), sketch.getScope());
  }

  private static Sketch sketch(Arrival arrival, LexicalSketch lexical) {
    ByteBuffer encoding = arrival.getEncoding();
    return new Sketch(
        BucketKeys.scope(arrival.getDocument().getScope()),
        lexical.textHash2(),
        lexical.shingles(),
        ByteBuffer.wrap(lexical.signature()),
        encoding == null ? null : QuantizedEncoding.compress(QuantizedEncoding.unpack(encoding)),
        PartSketches.sketch(lexical));
  }

  private DocumentState state(
      Arrival arrival, Sketch sketch, LexicalSketch lexical, DocumentState old) {
    Document document = arrival.getDocument();
    EventTime time = EventTime.of(arrival, parameters.maxFutureMillis());
    DocumentState.Builder state =
        old == null
            ? DocumentState.newBuilder().setRevision(0).setMemberRevision(0)
            : DocumentState.newBuilder(old).setDecision(null);
    return state
        .setVersion(store.nextVersion())
        .setEventTime(time.millis())
        .setEventTimeClamped(time.clamped())
        .setPublishedAt(document.getPublishedAt())
        .setScope(document.getScope())
        .setTextHash(lexical.textHash2())
        .setAddress(lexical.shingles() == 0 ? null : address(sketch, lexical))
        .build();
  }

  /** The same record delivered twice changes nothing, so that a producer may safely retry. */
  private static boolean sameContent(DocumentState old, Document document, Sketch sketch) {
    return old.getTextHash() == sketch.getTextHash()
        && Objects.equals(old.getScope(), document.getScope())
        && Objects.equals(old.getPublishedAt(), document.getPublishedAt());
  }

  private void retract(String id, DocumentState state) {
    if (state.getAddress() != null) {
      outbox.toContent(state.getAddress(), new CopyLeft(Marks.copy(id, state), Marks.text(state)));
    }
    probes.left(id);
    expiry.left(id, state.getEventTime());
  }

  private void leave(String id, DocumentState state) {
    retract(id, state);
    publication.leaveClusters(id, state);
    takeBack(id);
    marks.tellPartners(id, null, false);
    store.putDocument(id, null);
  }

  /** Takes back what was published of a document, perhaps before a reset. */
  private void takeBack(String id) {
    outbox.verdict(id, null);
    outbox.clusterMember(id, null);
    if (parameters.encoded()) {
      outbox.encoding(id, null);
    }
  }

  /**
   * Takes back documents that are due. One that has no verdict yet gets it first, and goes then:
   * every document has one. It is looked at no more until that comes.
   */
  private void expire() {
    int taken = 0;
    for (String id : expiry.due()) {
      if (taken == Expiry.STEP) {
        outbox.toDocument(id, new ExpiryDue());
        return;
      }
      DocumentState state = store.document(id);
      if (state.getDecision() == null) {
        expiry.left(id, state.getEventTime());
      } else {
        leave(id, state);
      }
      taken++;
    }
  }

  /** Takes a message of the kinds of {@link dev.twinstream.schemas.internal.DocumentMessage}. */
  public void receive(String id, Object payload) {
    DocumentState state = store.document(id);
    if (payload instanceof Decision decision) {
      if (state != null && state.getVersion() == decision.getVersion()) {
        publication.decided(id, state, decision);
        probes.decided(id, state, decision);
        if (expiry.isDue(state.getEventTime())) {
          leave(id, state);
        }
      }
    } else if (payload instanceof NodeAssigned assigned) {
      publication.assigned(id, state, assigned);
    } else if (payload instanceof PairMarked marked) {
      marks.marked(id, state, marked);
      if (state != null) {
        publication.reconsider(id, state);
      }
    } else if (payload instanceof PartnerState partner) {
      marks.partner(id, state, partner);
      if (state != null) {
        publication.reconsider(id, state);
      }
    } else if (payload instanceof ExpiryDue) {
      expire();
    } else {
      throw new IllegalArgumentException("unknown message to document " + id + ": " + payload);
    }
  }
}
