package dev.twinstream.lsh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What brings texts and those inside them together. */
class PartSketcherTest {
  private final PartSketcher sketcher = new PartSketcher(1);

  private static List<String> words(int count, Random random) {
    List<String> words = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      words.add("w" + random.nextInt(50_000));
    }
    return words;
  }

  private Set<Long> keys(List<String> words, long scope) {
    String text = String.join(" ", words);
    Parts parts = sketcher.parts(text, new Shingler(3).shingles(text));
    Set<Long> keys = new HashSet<>();
    Arrays.stream(sketcher.keys(parts.packedFingerprints(), scope)).forEach(keys::add);
    return keys;
  }

  /** The window and a fingerprint's other words. */
  @Test
  void shouldMeetWhereARunOf39WordsIsCommonHoweverLongTheTexts() {
    for (int seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      List<String> run = words(39, random);
      List<String> one = words(random.nextInt(60), random);
      one.addAll(run);
      List<String> other = words(random.nextInt(8_000), random);
      other.addAll(run);
      other.addAll(words(random.nextInt(60), random));
      assertThat(keys(one, 0)).as("seed %d", seed).containsAnyElementsOf(keys(other, 0));
      assertThat(keys(one, 0)).doesNotContainAnyElementsOf(keys(other, 1));
    }
  }

  @Test
  void shouldMeetMostlyWithOneWordInTwentyChanged() {
    int met = 0;
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      List<String> part = words(60 + random.nextInt(240), random);
      List<String> whole = words(5_000, random);
      whole.addAll(2_000, part);
      part.replaceAll(word -> random.nextInt(20) == 0 ? "changed" + word : word);
      Set<Long> stored = keys(whole, 0);
      met += keys(part, 0).stream().anyMatch(stored::contains) ? 1 : 0;
    }
    assertThat(met).isGreaterThan(185);
  }

  @Test
  void shouldKeepSoManyKeysAtMost() {
    Random random = new Random(1);
    assertThat(keys(words(10_000, random), 0).size()).isBetween(550, 660);
    assertThat(keys(words(60_000, random), 0).size())
        .isBetween(450, PartSketcher.MOST_FINGERPRINTS);
    assertThat(keys(words(3, random), 0)).hasSize(1);
    assertThat(keys(List.of(), 0)).isEmpty();
  }
}
