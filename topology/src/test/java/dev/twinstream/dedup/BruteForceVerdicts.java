package dev.twinstream.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twinstream.lsh.BBitSignature;
import dev.twinstream.lsh.LexicalSketcher;
import dev.twinstream.lsh.Overlap;
import dev.twinstream.lsh.QuantizedEncoding;
import dev.twinstream.schemas.Document;
import dev.twinstream.schemas.Verdict;
import dev.twinstream.schemas.VerdictKind;
import dev.twinstream.schemas.internal.Mark;
import dev.twinstream.schemas.internal.Sketch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;

/** What each document is, by comparing it with all others; encodings are made up from the text. */
final class BruteForceVerdicts {
  private static final TwinDecision DECISION = new TwinDecision(TwinModel.STANDARD, 0.5);

  private BruteForceVerdicts() {}

  static String expected(
      Document document,
      Collection<Document> all,
      Map<Set<String>, Mark> marks,
      long retention,
      LexicalSketcher sketcher) {
    List<Document> earlier = new ArrayList<>();
    for (Document other : all) {
      if (before(other, document)
          && Objects.equals(other.getScope(), document.getScope())
          && document.getPublishedAt() - other.getPublishedAt() <= retention) {
        earlier.add(other);
      }
    }
    earlier.sort(Comparator.comparing(Document::getPublishedAt).thenComparing(Document::getId));
    for (Document other : earlier) {
      if (marks.get(Set.of(other.getId(), document.getId())) == Mark.twins) {
        return "near " + other.getId() + " 1.0";
      }
    }
    earlier.removeIf(other -> marks.get(Set.of(other.getId(), document.getId())) == Mark.not_twins);
    if (document.getText().isEmpty()) {
      return "unique null null";
    }
    for (Document other : earlier) {
      if (other.getText().equals(document.getText())) {
        return VerdictKind.exact + " " + other.getId() + " 1.0";
      }
    }
    Map<String, Linked> links = new LinkedHashMap<>();
    Sketch own = Simulation.sketch(sketcher, document.getText());
    for (Document other : earlier) {
      if (other.getText().isEmpty()) {
        continue;
      }
      Sketch theirs = Simulation.sketch(sketcher, other.getText());
      int matches = BBitSignature.matches(own.getSignature(), theirs.getSignature(), 128);
      Evidence lexical = evidence(own, theirs, matches, null);
      if (DECISION.isLink(lexical)) {
        Evidence whole = evidence(own, theirs, matches, cosine(document, other));
        links.putIfAbsent(
            other.getText(), new Linked(whole, other.getPublishedAt(), other.getId()));
      }
    }
    List<Linked> list = new ArrayList<>(links.values());
    Choice choice = DECISION.decide(list);
    return choice.chosen() == Choice.NONE
        ? "unique null null"
        : choice.kind().name().toLowerCase(Locale.ROOT)
            + " "
            + list.get(choice.chosen()).id()
            + " "
            + Math.round(choice.probability() * 10_000) / 10_000.0;
  }

  private static Evidence evidence(Sketch own, Sketch theirs, int matches, Double cosineOrNull) {
    return new Evidence(
        matches, 128, own.getShingles(), theirs.getShingles(), cosineOrNull, overlap(own, theirs));
  }

  /** Alike by chance, and of one text in four none. */
  static ByteBuffer encoding(String text) {
    Random random = new Random(text.hashCode());
    if (random.nextInt(4) == 0) {
      return null;
    }
    float[] encoding = new float[16];
    for (int i = 0; i < encoding.length; i++) {
      encoding[i] = i < 8 ? 0.3f : 0.2f * (float) random.nextGaussian();
    }
    return QuantizedEncoding.pack(QuantizedEncoding.quantize(encoding));
  }

  private static Double cosine(Document a, Document b) {
    ByteBuffer one = encoding(a.getText());
    ByteBuffer other = encoding(b.getText());
    if (one == null || other == null) {
      return null;
    }
    double cosine =
        QuantizedEncoding.cosine(
            QuantizedEncoding.compress(QuantizedEncoding.unpack(one)),
            QuantizedEncoding.compress(QuantizedEncoding.unpack(other)));
    return Math.round(cosine * 10_000) / 10_000.0;
  }

  static String said(Verdict verdict) {
    return verdict.getVerdict() + " " + verdict.getDuplicateOf() + " " + verdict.getProbability();
  }

  /** Counted anew: a shingle of the shorter text's sample at a time. */
  private static Overlap overlap(Sketch a, Sketch b) {
    Sketch shorter = a.getShingles() < b.getShingles() ? a : b;
    Sketch longer = shorter == a ? b : a;
    if (a.getParts() == null || longer.getShingles() < 2 * shorter.getShingles()) {
      return null;
    }
    Set<Integer> theirs = sample(longer);
    Set<Integer> own = sample(shorter);
    int sampled = own.size();
    own.retainAll(theirs);
    return sampled == 0 ? null : new Overlap(own.size(), sampled);
  }

  private static Set<Integer> sample(Sketch sketch) {
    ByteBuffer bytes = sketch.getParts().getSample().duplicate();
    assertThat(bytes.get()).as("one in 2 to this power").isEqualTo((byte) 2);
    Set<Integer> sample = new HashSet<>();
    while (bytes.hasRemaining()) {
      sample.add(bytes.getInt());
    }
    return sample;
  }

  private static boolean before(Document a, Document b) {
    int byTime = Long.compare(a.getPublishedAt(), b.getPublishedAt());
    return byTime < 0 || byTime == 0 && a.getId().compareTo(b.getId()) < 0;
  }
}
