package dev.twinstream.dedup;

import dev.twinstream.schemas.internal.Asker;
import dev.twinstream.schemas.internal.BucketAnswer;
import dev.twinstream.schemas.internal.Compare;
import dev.twinstream.schemas.internal.Compared;
import dev.twinstream.schemas.internal.Content;
import dev.twinstream.schemas.internal.Copy;
import dev.twinstream.schemas.internal.CopyArrived;
import dev.twinstream.schemas.internal.CopyExcludes;
import dev.twinstream.schemas.internal.CopyLeft;
import dev.twinstream.schemas.internal.DecideAgain;
import dev.twinstream.schemas.internal.Head;
import dev.twinstream.schemas.internal.Lookup;
import dev.twinstream.schemas.internal.Match;
import dev.twinstream.schemas.internal.MoreConcerned;
import dev.twinstream.schemas.internal.Question;
import dev.twinstream.schemas.internal.QuestionArrived;
import dev.twinstream.schemas.internal.Sync;
import dev.twinstream.schemas.internal.Unlink;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One content partition. A content is a distinct text of a scope: it has one sketch, one set of
 * postings and one set of links, however many documents are copies of it. So an exact copy costs no
 * search: it joins its content. What becomes of each document is sent to the document's partition.
 *
 * <p>To decide is to read all links of a content. Where a crowd of texts comes in any order, many
 * change the links of the same few, each of which has many: these are not decided at once, but when
 * a message to themselves has come round, for all changes until then together. So the work grows
 * with the changes, not with their square.
 */
public final class ContentEngine {
  /** A content of more links is decided later. */
  private static final int MANY_LINKS = 200;

  private final ContentStore store;
  private final ContentOutbox outbox;
  private final Addresses addresses;
  private final Copies copies;
  private final Lookups lookups;
  private final Links links;
  private final HeadDecisions decisions;
  private final Walks walks;
  private final ContentRecall recall;
  private final SignatureCache signatures;
  private final int manyLinks;

  public ContentEngine(
      ContentStore store,
      ContentOutbox outbox,
      ContentKeys keys,
      TwinDecision decision,
      DedupParameters parameters,
      ContentRecall recall) {
    this(store, outbox, keys, decision, parameters, recall, Addresses.HASHED, MANY_LINKS);
  }

  ContentEngine(
      ContentStore store,
      ContentOutbox outbox,
      ContentKeys keys,
      TwinDecision decision,
      DedupParameters parameters,
      ContentRecall recall,
      Addresses addresses,
      int manyLinks) {
    this.store = store;
    this.manyLinks = manyLinks;
    this.addresses = addresses;
    this.recall = recall;
    this.outbox = outbox;
    this.copies = new Copies(store, parameters.retentionMillis());
    this.lookups = new Lookups(store, outbox, keys, parameters.partitions());
    this.signatures = new SignatureCache(parameters.permutations(), parameters.signatureBytes());
    this.links =
        new Links(store, outbox, copies, keys, decision, parameters.permutations(), signatures);
    this.decisions = new HeadDecisions(store, outbox, copies, decision, parameters.permutations());
    this.walks = new Walks(store, outbox, copies, lookups, decisions);
  }

  /** Takes a message of the kinds of {@link dev.twinstream.schemas.internal.ContentMessage}. */
  public void receive(long address, Object payload) {
    if (payload instanceof CopyArrived arrived) {
      arrived(address, arrived);
    } else if (payload instanceof CopyLeft left) {
      left(address, left);
    } else if (payload instanceof CopyExcludes excludes) {
      excludes(address, excludes);
    } else if (payload instanceof BucketAnswer answer) {
      answered(answer);
    } else if (payload instanceof Compare compare) {
      compare(compare);
    } else if (payload instanceof Compared result) {
      compared(result);
    } else if (payload instanceof Sync sync) {
      Content content = store.content(address);
      if (content != null) {
        reconsider(address, content, links.synced(address, content, sync));
      }
    } else if (payload instanceof Unlink unlink) {
      Content content = store.content(address);
      if (content != null && links.unlink(address, unlink)) {
        reconsider(address, content, copies.heads(address));
      }
    } else if (payload instanceof DecideAgain again) {
      decideAgain(address, again);
    } else if (payload instanceof MoreConcerned more) {
      goOn(address, more);
    } else if (payload instanceof QuestionArrived asked) {
      asked(address, asked.getQuestion());
    } else {
      throw new IllegalArgumentException("unknown message to content " + address + ": " + payload);
    }
  }

  private void arrived(long address, CopyArrived arrived) {
    Copy copy = arrived.getCopy();
    Content content = store.content(address);
    if (isTaken(address, content, Addresses.text(arrived.getSketch()))) {
      if (content != null) {
        // When it is gone, others must still find their way past it to where they went.
        store.reserve(address, Addresses.text(content.getSketch()));
      }
      outbox.toContent(addresses.next(address), arrived);
      return;
    }
    if (content == null) {
      begin(address, arrived);
      return;
    }
    change(address, content, copy, () -> copies.add(address, copy, arrived.getExcluded()));
    decisions.decide(address, content, copy, lookups.isOver(address));
  }

  private void begin(long address, CopyArrived arrived) {
    Content content = new Content(store.nextGeneration(), arrived.getSketch());
    store.putContent(address, content);
    signatures.put(address, content.getSketch());
    recall.arrived(address, content.getSketch());
    copies.addFirst(address, arrived.getCopy(), arrived.getExcluded());
    Asker asker = asker(address, content);
    lookups.begin(asker, content.getSketch());
    endIfComplete(asker, address, content);
  }

  /** A document of the same id and event time may have come again since: versions tell. */
  private void left(long address, CopyLeft left) {
    Copy copy = left.getCopy();
    Content content = store.content(address);
    if (isTaken(address, content, left.getText())) {
      outbox.toContent(addresses.next(address), left);
      return;
    }
    Copy stored = content == null ? null : store.copy(address, copy.getEventTime(), copy.getId());
    if (stored == null || stored.getVersion() != copy.getVersion()) {
      return;
    }
    if (copies.isOnly(address, copy)) {
      copies.remove(address, copy);
      remove(address, content);
    } else {
      change(address, content, copy, () -> copies.remove(address, copy));
    }
  }

  private void remove(long address, Content content) {
    Asker asker = asker(address, content);
    Set<Long> heard = new HashSet<>();
    for (long candidate : lookups.candidates(asker)) {
      heard.add(candidate);
    }
    lookups.end(asker);
    lookups.retract(asker, content.getSketch());
    links.removeAll(address, heard);
    heard.stream()
        .sorted()
        .forEach(
            partner -> outbox.toContent(partner, new Unlink(address, content.getGeneration())));
    store.putContent(address, null);
    walks.end(address);
    signatures.remove(address);
    if (store.crowded(address) != null) {
      store.putCrowded(address, null);
    }
    recall.left(address);
  }

  private void excludes(long address, CopyExcludes excludes) {
    Copy copy = excludes.getCopy();
    Content content = store.content(address);
    if (isTaken(address, content, excludes.getText())) {
      outbox.toContent(addresses.next(address), excludes);
      return;
    }
    Copy stored = content == null ? null : store.copy(address, copy.getEventTime(), copy.getId());
    if (stored != null && stored.getVersion() == copy.getVersion()) {
      copies.exclude(address, stored, excludes.getExcluded());
      links.tellAll(address, content);
      decisions.decide(address, content, stored, lookups.isOver(address));
    }
  }

  /** Makes a change of the copies, and tells those whom it concerns. */
  private void change(long address, Content content, Copy copy, Runnable change) {
    List<Head> before = copies.heads(address);
    change.run();
    if (!before.equals(copies.heads(address)) || copies.concernsPartners(address, copy)) {
      links.tellAll(address, content);
    }
    walks.begin(address, content, copy);
  }

  private void goOn(long address, MoreConcerned more) {
    Content content = store.content(address);
    // A content that is gone has no copies, whether another has come in its place or not.
    if (content != null && Addresses.text(content.getSketch()) == more.getText()) {
      walks.goOn(address, content, more);
    }
  }

  private void answered(BucketAnswer answer) {
    Asker asker = answer.getAsker();
    Content content = current(asker);
    if (asker.getQuestion() != null) {
      Lookup lookup = lookups.question(asker);
      if (lookup != null) {
        Question question = lookup.getQuestion();
        lookups.answered(answer, question.getSketch(), List.of(head(question)));
        answerIfComplete(asker);
      }
    } else if (content != null) {
      lookups.answered(answer, content.getSketch(), copies.heads(asker.getAddress()));
      endIfComplete(asker, asker.getAddress(), content);
    }
  }

  /** A partner that is new says later what it offers, unless its heads show that it can't. */
  private void compare(Compare compare) {
    Asker asker = compare.getAsker();
    List<List<Match>> parts = MessageParts.ofMatches(links.compare(compare));
    for (int i = 0; i < parts.size(); i++) {
      boolean more = compare.getMore() || i + 1 < parts.size();
      outbox.toContent(
          asker.getAddress(), new Compared(asker, compare.getPartition(), parts.get(i), more));
    }
  }

  private void compared(Compared result) {
    Asker asker = result.getAsker();
    if (!lookups.compared(result)) {
      return;
    }
    if (asker.getQuestion() != null) {
      answerIfComplete(asker);
      return;
    }
    Content content = store.content(asker.getAddress());
    result.getMatches().forEach(match -> links.matched(asker.getAddress(), content, match));
    endIfComplete(asker, asker.getAddress(), content);
  }

  private void endIfComplete(Asker asker, long address, Content content) {
    if (lookups.isComplete(asker)) {
      lookups.end(asker);
      decideAll(address, content);
    }
  }

  private void decideAll(long address, Content content) {
    decide(address, content, copies.heads(address));
  }

  private void decide(long address, Content content, List<Head> heads) {
    if (heads.isEmpty() || !lookups.isOver(address)) {
      return;
    }
    int most = 0;
    for (Head head : heads) {
      most = Math.max(most, decisions.decideHead(address, content, head));
    }
    boolean crowded = most > manyLinks;
    if (crowded != (store.crowded(address) != null)) {
      store.putCrowded(address, crowded ? false : null);
    }
  }

  /** Decides heads of which links have changed: at once, or with others that change soon. */
  private void reconsider(long address, Content content, List<Head> heads) {
    Boolean waits = heads.isEmpty() ? null : store.crowded(address);
    if (waits == null) {
      decide(address, content, heads);
    } else if (!waits) {
      store.putCrowded(address, true);
      outbox.toContent(address, new DecideAgain(Addresses.text(content.getSketch())));
    }
  }

  private void decideAgain(long address, DecideAgain again) {
    Content content = store.content(address);
    if (content != null && Addresses.text(content.getSketch()) == again.getText()) {
      store.putCrowded(address, false);
      decideAll(address, content);
    }
  }

  /** A question is asked of the content that has its very text first. */
  private void asked(long address, Question question) {
    Content content = store.content(address);
    if (isTaken(address, content, Addresses.text(question.getSketch()))) {
      outbox.toContent(addresses.next(address), new QuestionArrived(question));
      return;
    }
    boolean probe = question.getProbed() != null;
    Copy twin = content == null || probe ? null : copies.offer(address, head(question));
    if (twin != null) {
      decisions.answerExact(question, twin);
      return;
    }
    Asker asker = new Asker(address, store.nextGeneration(), question.getCopy().getId());
    lookups.begin(asker, question);
    answerIfComplete(asker);
  }

  private void answerIfComplete(Asker asker) {
    if (lookups.isComplete(asker)) {
      Lookup lookup = lookups.question(asker);
      lookups.end(asker);
      if (lookup.getQuestion().getProbed() != null) {
        recall.answered(lookup.getQuestion(), lookup.getMatches());
      } else {
        decisions.answer(lookup.getQuestion(), new ArrayList<>(lookup.getMatches()));
      }
    }
  }

  private static Head head(Question question) {
    return new Head(question.getCopy(), List.of());
  }

  private Content current(Asker asker) {
    Content content = store.content(asker.getAddress());
    return content != null && content.getGeneration() == asker.getGeneration() ? content : null;
  }

  private static Asker asker(long address, Content content) {
    return new Asker(address, content.getGeneration(), null);
  }

  /** Whether an address is another text's. */
  private boolean isTaken(long address, Content contentOrNull, long text) {
    if (contentOrNull != null) {
      return Addresses.text(contentOrNull.getSketch()) != text;
    }
    Long reserved = store.reserved(address);
    return reserved != null && reserved != text;
  }
}
