package dev.twinstream.dedup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twinstream.dedup.Choice.Kind;
import dev.twinstream.lsh.Overlap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TwinDecisionTest {
  private static final TwinDecision RULE = new TwinDecision(TwinModel.STANDARD, 0.5);

  /** Evidence whose estimated similarity is the one given, to within one component of 256. */
  private static Evidence evidence(double jaccard, int shinglesA, int shinglesB) {
    int matches = (int) Math.round(256 * Evidence.agreement(jaccard));
    return new Evidence(matches, 256, shinglesA, shinglesB, null);
  }

  private static Linked linked(double jaccard, int asker, int other, long time) {
    return new Linked(evidence(jaccard, asker, other), time, "id" + time);
  }

  private static List<Linked> crowd(double jaccard, int size) {
    List<Linked> links = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      links.add(linked(jaccard, 200, 200, i));
    }
    return links;
  }

  @Test
  void estimatesAreThoseOfFourBitComponents() {
    // A quarter of 256 equal: (1/4 - 1/16) / (1 - 1/16) = 1/5.
    Evidence quarter = new Evidence(64, 256, 100, 300, 0.5);
    assertEquals(0.2, quarter.jaccard(), 1e-12);
    // J (a + b) / (1 + J) = 1/5 * 400 / (6/5) = 66.667 of 100.
    assertEquals(400.0 / 6 / 100, quarter.containment(), 1e-12);
    assertEquals(Math.log(3), quarter.lengthDifference(), 1e-12);
    assertEquals(0, new Evidence(0, 256, 5, 5, null).jaccard());
  }

  /** What a verdict does not show is no reason to prefer a later document. */
  @Test
  void nearTwinsThatAreShownAlikeAreEquals() {
    int ties = 0;
    for (int other = 1_000; other < 1_200; other++) {
      Linked earlier = linked(0.8, 1_000, other + 1, 1);
      Linked later = linked(0.8, 1_000, other, 2);
      double low = RULE.decide(List.of(earlier)).probability();
      double high = RULE.decide(List.of(later)).probability();
      if (high > low && Verdicts.tenThousandths(high).equals(Verdicts.tenThousandths(low))) {
        ties++;
        assertEquals(1, RULE.decide(List.of(later, earlier)).chosen());
        assertEquals(0, RULE.decide(List.of(earlier, later)).chosen());
      }
    }
    assertTrue(ties > 0);
  }

  @Test
  void impossibleEvidenceIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Evidence(257, 256, 1, 1, null));
    assertThrows(IllegalArgumentException.class, () -> new Evidence(1, 256, 0, 1, null));
    assertThrows(IllegalArgumentException.class, () -> new TwinDecision(TwinModel.STANDARD, 1));
    double[] sparse = {0, 1, 0, 0, -0.5};
    double[] encoded = {0, 1, 0, 0, -0.5, 1};
    double[] crowded = {0, 1, -1};
    double[] contained = {0, 1};
    new TwinModel(sparse, encoded, crowded, contained);
    for (double[] falling : new double[][] {{0, -1, 0, 0, 2}, {0, 1, 0, 0, -2}, {0, 1, 0}}) {
      refuses(falling, encoded, crowded, contained);
    }
    for (double[] falling :
        new double[][] {
          {0, -1, 0, 0, 2, 1}, {0, 1, 0, 0, -2, 1}, {0, 1, 0, 0, -0.5, -1}, {0, 1, 0, 0, 0}
        }) {
      refuses(sparse, falling, crowded, contained);
    }
    refuses(sparse, encoded, new double[] {0, 1, 1}, contained);
    refuses(sparse, encoded, crowded, new double[] {0, -1});
  }

  private static void refuses(
      double[] sparse, double[] encoded, double[] crowded, double[] contained) {
    assertThrows(
        IllegalArgumentException.class, () -> new TwinModel(sparse, encoded, crowded, contained));
  }

  @Test
  void probabilitiesAreLogistic() {
    TwinModel model =
        new TwinModel(
            new double[] {0, 1, 0, 2, 0.5},
            new double[] {1, 1, 0, 2, 0.5, 2},
            new double[] {0, 1, -2},
            new double[] {0.3, 2});
    Evidence half = new Evidence(128, 256, 200, 180, null);
    double odds = half.containment() / (1 - half.containment());
    double likeLength = Math.exp(-Math.log(200.0 / 180) / 0.05);
    double sparse = Math.exp(2 * likeLength) * Math.pow(odds, 1 + likeLength / 2);
    assertEquals(sparse / (1 + sparse), model.probability(half, false), 1e-12);
    // The distance of 0.195 counts as 0.2.
    Evidence encoded = new Evidence(128, 256, 200, 180, 0.805);
    double alike = sparse * Math.E * Math.pow(0.2, -2);
    assertEquals(alike / (1 + alike), model.probability(encoded, false), 1e-12);
    double crowded = odds * Math.pow(180.0 / 200, 2);
    assertEquals(crowded / (1 + crowded), model.probability(half, true), 1e-12);
    assertEquals(crowded / (1 + crowded), model.probability(encoded, true), 1e-12);
    // 80 of 100 among 400: similarity 80 / 420; one standard deviation over its agreement.
    double agreement = Evidence.agreement(80.0 / 420);
    double deviation = Math.sqrt(256 * agreement * (1 - agreement));
    int matches = (int) Math.round(256 * agreement + deviation);
    double over = (matches - 256 * agreement) / deviation;
    assertEquals(
        1 / (1 + Math.exp(-0.3 - 2 * over)),
        model.containedProbability(new Evidence(matches, 256, 100, 400, null)),
        1e-12);
  }

  @Test
  void wordsEditedAllOverATextLeaveATwin() {
    // One word in 10 edited leaves 0.73 of the shingles, one in 5 leaves 0.51.
    assertTrue(RULE.decide(List.of(linked(0.57, 300, 302, 1))).probability() > 0.7);
    assertEquals(Kind.NEAR, RULE.decide(List.of(linked(0.34, 300, 302, 1))).kind());
    // As much in common, but other lengths: two texts in one frame.
    assertEquals(Kind.UNIQUE, RULE.decide(List.of(linked(0.3, 300, 390, 1))).kind());
  }

  /** Half in common, as of two texts in one frame, or of one text that was written anew. */
  @Test
  void encodingsDecideWhereTheWordsLeaveItOpen() {
    int matches = (int) Math.round(256 * Evidence.agreement(0.45));
    Evidence same = new Evidence(matches, 256, 300, 330, 0.99);
    Evidence other = new Evidence(matches, 256, 300, 330, 0.5);
    assertEquals(Kind.NEAR, RULE.decide(List.of(new Linked(same, 1, "a"))).kind());
    assertEquals(Kind.UNIQUE, RULE.decide(List.of(new Linked(other, 1, "a"))).kind());
    assertEquals(
        1,
        RULE.decide(List.of(new Linked(other, 1, "earlier"), new Linked(same, 2, "later")))
            .chosen());
    double last = 0;
    for (int cosine = -100; cosine <= 100; cosine++) {
      Evidence evidence = new Evidence(matches, 256, 300, 330, cosine / 100.0);
      double probability = TwinModel.STANDARD.probability(evidence, false);
      assertTrue(probability > last && probability < 1, "cosine " + cosine / 100.0);
      last = probability;
    }
  }

  @Test
  void withoutLinksADocumentIsUnique() {
    assertEquals(new Choice(Choice.NONE, Kind.UNIQUE, 0), RULE.decide(List.of()));
  }

  @Test
  void aStrippedHeaderLeavesATwin() {
    // 100 shingles of which all stand in the 250 of the full message: similarity 0.4.
    Choice decision = RULE.decide(List.of(linked(0.4, 100, 250, 1)));
    assertEquals(Kind.NEAR, decision.kind());
    assertEquals(0, decision.chosen());
    assertTrue(decision.probability() > 0.9);
  }

  @Test
  void littleInCommonIsNoTwin() {
    Choice decision = RULE.decide(List.of(linked(0.26, 100, 120, 1)));
    assertEquals(Kind.UNIQUE, decision.kind());
    assertEquals(Choice.NONE, decision.chosen());
    assertTrue(decision.probability() > 0 && decision.probability() < 0.5);
    assertFalse(RULE.isLink(evidence(0.26, 100, 120)));
    assertTrue(RULE.isLink(evidence(0.45, 100, 100)));
  }

  @Test
  void inACrowdAClauseMoreMakesAnotherText() {
    List<Linked> sameLength = crowd(0.8, 10);
    assertEquals(Kind.NEAR, RULE.decide(sameLength).kind());
    List<Linked> longer = new ArrayList<>();
    for (Linked link : sameLength) {
      longer.add(linked(0.8, 245, 200, link.eventTime()));
    }
    assertEquals(Kind.UNIQUE, RULE.decide(longer).kind());
    assertEquals(Kind.NEAR, RULE.decide(longer.subList(0, TwinDecision.SPARSE)).kind());
  }

  @Test
  void aPassageInALongTextIsContained() {
    // All of 100 among 1,000 shingles: similarity 0.1.
    Evidence passage = evidence(0.1, 100, 1000);
    assertTrue(RULE.isLink(passage));
    Choice decision = RULE.decide(List.of(new Linked(passage, 1, "a")));
    assertEquals(Kind.CONTAINED, decision.kind());
    assertTrue(decision.probability() > 0.5);
    assertFalse(RULE.isLink(evidence(0.1, 1000, 1000)));
    assertFalse(RULE.isLink(evidence(0.04, 100, 1000)));
  }

  @Test
  void samplesTellWhetherATextIsContainedWhateverTheLengths() {
    for (int longer : new int[] {200, 2_000, 200_000}) {
      Evidence all = new Evidence(0, 256, longer, 100, null, new Overlap(25, 25));
      assertTrue(RULE.isLink(all));
      Choice decision = RULE.decide(List.of(new Linked(all, 1, "a")));
      assertEquals(Kind.CONTAINED, decision.kind());
      // Beta(26, 1).
      assertEquals(1 - Math.pow(0.8, 26), decision.probability(), 1e-12);
      assertEquals(1, all.sharedOfShorter());
      Evidence half = new Evidence(0, 256, longer, 100, null, new Overlap(15, 25));
      assertFalse(RULE.isLink(half));
      assertEquals(0.6, half.sharedOfShorter());
    }
    assertFalse(RULE.isLink(new Evidence(0, 256, 199, 100, null, new Overlap(25, 25))));
  }

  @Test
  void theMostProbableContainerIsNamedThoughAnotherIsEarlier() {
    Linked most = new Linked(new Evidence(0, 256, 2_000, 100, null, new Overlap(24, 25)), 1, "a");
    Linked all = new Linked(new Evidence(0, 256, 2_000, 100, null, new Overlap(25, 25)), 2, "b");
    for (List<Linked> links : List.of(List.of(most, all), List.of(all, most))) {
      Choice decision = RULE.decide(links);
      assertEquals(Kind.CONTAINED, decision.kind());
      assertEquals("b", links.get(decision.chosen()).id());
      assertEquals(1 - Math.pow(0.8, 26), decision.probability(), 1e-12);
    }
  }

  @Test
  void equalsGoToTheEarliestWhateverTheOrder() {
    List<Linked> links = new ArrayList<>(crowd(0.9, 6));
    links.add(linked(0.5, 200, 200, -5));
    links.add(new Linked(evidence(0.9, 200, 200), 0, "a"));
    Random random = new Random(1);
    for (int i = 0; i < 50; i++) {
      Collections.shuffle(links, random);
      assertEquals("a", links.get(RULE.decide(links).chosen()).id());
    }
    List<Linked> passages = List.of(linked(0.1, 100, 1000, 2), linked(0.1, 100, 1000, 1));
    assertEquals(1, RULE.decide(passages).chosen());
  }

  @Test
  void moreAgreementNeverLowersTheProbability() {
    for (boolean crowded : new boolean[] {false, true}) {
      double last = 0;
      for (int matches = 0; matches <= 256; matches++) {
        Evidence evidence = new Evidence(matches, 256, 300, 200, null);
        double probability = TwinModel.STANDARD.probability(evidence, crowded);
        assertTrue(probability >= last && probability < 1, matches + " matches");
        last = probability;
      }
    }
    double last = 0;
    for (int matches = 0; matches <= 256; matches++) {
      double probability =
          TwinModel.STANDARD.containedProbability(new Evidence(matches, 256, 600, 200, null));
      assertTrue(probability >= last && probability <= 1, matches + " matches");
      last = probability;
    }
  }

  @Test
  void theThresholdDecides() {
    List<Linked> links = List.of(linked(0.45, 200, 200, 1));
    double probability = RULE.decide(links).probability();
    TwinDecision below = new TwinDecision(TwinModel.STANDARD, probability - 0.01);
    TwinDecision above = new TwinDecision(TwinModel.STANDARD, probability + 0.01);
    assertEquals(Kind.NEAR, below.decide(links).kind());
    assertEquals(Kind.UNIQUE, above.decide(links).kind());
  }
}
