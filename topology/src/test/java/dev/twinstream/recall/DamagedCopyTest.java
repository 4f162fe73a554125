package dev.twinstream.recall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.twinstream.lsh.Shingler;
import dev.twinstream.lsh.TextNormalizer;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DamagedCopyTest {
  private static final double LEAST = 0.7;
  private final DamagedCopy copies = new DamagedCopy(3, LEAST, 11);

  @Test
  void shouldBeAsSimilarAsItSaysForEachDamage() {
    Random random = new Random(3);
    Map<Damage, Double> error = new EnumMap<>(Damage.class);
    Map<Damage, Integer> count = new EnumMap<>(Damage.class);
    for (int i = 0; i < 400; i++) {
      String text = SimulatedTexts.text(random, 400);
      DamagedCopy.Copy copy = copies.of("document " + i, text);
      assertThat(copy.similarity()).isBetween(LEAST, 1.0);
      assertThat(copy.text()).isNotEqualTo(text);
      double found = jaccard(text, copy.text());
      error.merge(copy.damage(), found - copy.similarity(), Double::sum);
      count.merge(copy.damage(), 1, Integer::sum);
      assertThat(found).as(copy.damage() + " of " + i).isCloseTo(copy.similarity(), within(0.12));
    }
    assertThat(error).containsOnlyKeys(Damage.values());
    error.forEach(
        (damage, sum) ->
            assertThat(sum / count.get(damage)).as("bias of %s", damage).isBetween(-0.02, 0.02));
  }

  @Test
  void shouldBeTheSameEachTimeAndOtherForAnotherSeed() {
    String text = SimulatedTexts.text(new Random(5), 300);
    assertThat(new DamagedCopy(3, LEAST, 11).of("a", text)).isEqualTo(copies.of("a", text));
    assertThat(new DamagedCopy(3, LEAST, 12).of("a", text)).isNotEqualTo(copies.of("a", text));
    assertThat(copies.of("b", text)).isNotEqualTo(copies.of("a", text));
  }

  @Test
  void shouldTakeOddTexts() {
    for (int i = 0; i < 40; i++) {
      String id = "odd " + i;
      assertThat(copies.of(id, "").text()).isEmpty();
      assertThat(copies.of(id, " \n\t").text()).isEqualTo(" \n\t");
      assertThat(copies.of(id, "word").text()).isNotEmpty();
      String spaceless = "\u6f22\u5b57\u304b\u306a\ud83d\ude00".repeat(50);
      String copy = copies.of(id, spaceless).text();
      assertThat(copy).isNotEqualTo(spaceless).hasSizeGreaterThan(spaceless.length() / 2);
      assertThat(copy.codePoints().filter(c -> c >= 0xd800 && c <= 0xdfff).count())
          .as("lone surrogates")
          .isZero();
    }
  }

  private static double jaccard(String a, String b) {
    Set<Long> first = shingles(a);
    Set<Long> second = shingles(b);
    long common = first.stream().filter(second::contains).count();
    return (double) common / (first.size() + second.size() - common);
  }

  private static Set<Long> shingles(String text) {
    return Arrays.stream(new Shingler(3).shingles(TextNormalizer.normalize(text)))
        .boxed()
        .collect(Collectors.toSet());
  }
}
