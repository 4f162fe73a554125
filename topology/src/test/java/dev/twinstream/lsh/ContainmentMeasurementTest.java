package dev.twinstream.lsh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The measurement by which winnowed fingerprints were chosen for containment: texts of 60, 200 and
 * 600 words in equal parts, with every word changed at a given rate, inside one that is longer by a
 * ratio. All three methods get the same shingles of 3 words.
 */
class ContainmentMeasurementTest {
  private static final int[] RATIOS = {1, 2, 5, 10, 20};
  private static final double[] EDIT_RATES = {0, 0.05, 0.15};
  private static final int[] LENGTHS = {60, 200, 600};
  private static final int SEGMENT = 200;
  private static final int SHINGLE = 3;
  private static final int PAIRS = 120;

  /** One of the three candidates for the task. */
  private interface Method {
    long[] stored(long[] shingles);

    default boolean candidates(long[] small, long[] large) {
      return share(stored(small), stored(large));
    }
  }

  @Test
  void shouldFindContainedTextsBestByWinnowing() {
    double[][] winnowed = measure("winnowed, window 32", new Winnowed(32, 1000));
    double[][] capped = measure("winnowed, at most 64", new Winnowed(32, 64));
    double[][] segments = measure("segments of 200, 8 bands of 2", new Segments(8, 2));
    double[][] ensemble = measure("ensemble, 128 permutations", new Ensemble(128));
    for (int edits = 0; edits < EDIT_RATES.length; edits++) {
      for (int ratio = 0; ratio < RATIOS.length; ratio++) {
        assertThat(winnowed[edits][ratio])
            .isGreaterThanOrEqualTo(segments[edits][ratio] - 0.02)
            .isGreaterThanOrEqualTo(ensemble[edits][ratio] - 0.02);
      }
    }
    for (int ratio = 0; ratio < RATIOS.length; ratio++) {
      assertThat(winnowed[1][ratio]).isGreaterThan(0.95);
      assertThat(capped[1][ratio]).isGreaterThan(0.9);
    }
  }

  /** Recall by edit rate and ratio; prints it, with keys stored and false candidates. */
  private static double[][] measure(String name, Method method) {
    double[][] recall = new double[EDIT_RATES.length][RATIOS.length];
    for (int edits = 0; edits < EDIT_RATES.length; edits++) {
      for (int ratio = 0; ratio < RATIOS.length; ratio++) {
        Random random = new Random(31 * edits + ratio);
        int found = 0;
        int chance = 0;
        long keys = 0;
        for (int pair = 0; pair < PAIRS; pair++) {
          int length = LENGTHS[pair % LENGTHS.length];
          long[] words = words(length * RATIOS[ratio], random);
          int at = random.nextInt(words.length - length + 1);
          long[] part = Arrays.copyOfRange(words, at, at + length);
          for (int i = 0; i < part.length; i++) {
            part[i] = random.nextDouble() < EDIT_RATES[edits] ? random.nextLong() : part[i];
          }
          long[] other = words(words.length, random);
          // Unrelated texts share a phrase of 12 words.
          System.arraycopy(part, 20, other, random.nextInt(other.length - 12), 12);
          long[] small = shingles(part);
          long[] large = shingles(words);
          found += method.candidates(small, large) ? 1 : 0;
          chance += method.candidates(small, shingles(other)) ? 1 : 0;
          keys += method.stored(large).length;
        }
        recall[edits][ratio] = (double) found / PAIRS;
        System.out.printf(
            "%-32s edits %.2f ratio %2d recall %.3f unrelated %.3f keys stored %d%n",
            name,
            EDIT_RATES[edits],
            RATIOS[ratio],
            recall[edits][ratio],
            (double) chance / PAIRS,
            keys / PAIRS);
      }
    }
    return recall;
  }

  private record Winnowed(WinnowedFingerprints fingerprints) implements Method {
    Winnowed(int window, int most) {
      this(new WinnowedFingerprints(window, most, 1, 0));
    }

    @Override
    public long[] stored(long[] shingles) {
      return fingerprints.keys(shingles, 0);
    }
  }

  /** MinHash of segments that overlap by half, so that one lies mostly inside any part. */
  private record Segments(MinHashFamily family) implements Method {
    Segments(int bands, int rows) {
      this(new MinHashFamily(new Banding(bands, rows), 32, 1, 0));
    }

    @Override
    public long[] stored(long[] shingles) {
      Set<Long> keys = new LinkedHashSet<>();
      for (int at = 0; at == 0 || at + SEGMENT / 2 < shingles.length; at += SEGMENT / 2) {
        int end = Math.min(shingles.length, at + SEGMENT);
        for (long key : family.keys(Arrays.copyOfRange(shingles, at, end), 0)) {
          keys.add(key);
        }
      }
      return keys.stream().mapToLong(key -> key).toArray();
    }
  }

  /**
   * LSH Ensemble (Zhu, Nargesian, Pu, Miller, VLDB 2016) at its best: a partition for every size,
   * the banding chosen for the pair's own sizes at a containment of 0.8. Stored is a forest of all
   * numbers of rows, as in the paper: a key a permutation.
   */
  private record Ensemble(MinHash minHash, int permutations, Map<Integer, Banding> bandings)
      implements Method {
    Ensemble(int permutations) {
      this(new MinHash(permutations, 1), permutations, new HashMap<>());
    }

    @Override
    public long[] stored(long[] shingles) {
      return new long[permutations]; // a key a row, whichever the banding
    }

    @Override
    public boolean candidates(long[] small, long[] large) {
      Banding banding = bandings.computeIfAbsent(large.length * 100 / small.length, this::banding);
      return share(
          banding.keys(minHash.signature(small), 0, 0),
          banding.keys(minHash.signature(large), 0, 0));
    }

    private Banding banding(int percent) {
      double containment = 0.8;
      double jaccard = containment / (percent / 100.0 + 1 - containment);
      return Banding.forThreshold(jaccard, permutations, 0.5, 0.5);
    }
  }

  private static boolean share(long[] a, long[] b) {
    Set<Long> keys = new HashSet<>();
    for (long key : a) {
      keys.add(key);
    }
    return Arrays.stream(b).anyMatch(keys::contains);
  }

  private static long[] words(int count, Random random) {
    return random.longs(count).toArray();
  }

  private static long[] shingles(long[] words) {
    long[] shingles = new long[words.length - SHINGLE + 1];
    for (int i = 0; i < shingles.length; i++) {
      for (int j = 0; j < SHINGLE; j++) {
        shingles[i] = Mixer.combine(shingles[i], words[i + j]);
      }
    }
    return shingles;
  }
}
