package dev.twinstream.lsh;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/**
 * How alike pairs of documents are that have nothing to do with each other: what false candidates
 * are foretold from. Rare similarities matter, since there are as many pairs as a document has
 * others beside it.
 *
 * @param similarities -1 to 1
 * @param pairs how many pairs have each, at least 1
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record UnrelatedPairs(double[] similarities, long[] pairs) {
  private static final int BINS = 100; // from 0 to 1, and as many below
  private static final int FINE_BINS = 1000;

  public UnrelatedPairs {
    if (similarities.length == 0) {
      throw new IllegalArgumentException("wanted similarities of unrelated pairs, found none");
    }
    for (int i = 0; i < pairs.length; i++) {
      if (!(Math.abs(similarities[i]) <= 1) || pairs[i] < 1) {
        throw new IllegalArgumentException(
            "a similarity is -1 to 1, of at least 1 pair, found "
                + similarities[i]
                + " of "
                + pairs[i]);
      }
    }
  }

  /** One pair of each similarity. */
  public static UnrelatedPairs of(double... similarities) {
    long[] pairs = new long[similarities.length];
    Arrays.fill(pairs, 1);
    return new UnrelatedPairs(similarities, pairs);
  }

  /** Says which of a sample's documents are related. */
  public interface Related {
    /** Whether two documents, by place in the sample, say the same. */
    boolean test(int first, int second);
  }

  /**
   * All pairs of a sample, counted in steps of 0.01.
   *
   * @param encodings of one size, as hashed, so after centring
   * @param related pairs left out; asked for those of a cosine from {@code from} on alone, as there
   *     are too many others
   */
  public static UnrelatedPairs measured(List<short[]> encodings, double from, Related related) {
    List<float[]> units = encodings.stream().map(UnrelatedPairs::unit).toList();
    long[] bins = new long[2 * BINS + 1];
    for (int i = 0; i < units.size(); i++) {
      for (int j = 0; j < i; j++) {
        double cosine = Math.max(-1, Math.min(1, dot(units.get(i), units.get(j))));
        if (cosine < from || !related.test(i, j)) {
          bins[(int) Math.floor(cosine * BINS) + BINS]++;
        }
      }
    }
    int[] found = IntStream.range(0, bins.length).filter(b -> bins[b] > 0).toArray();
    double[] similarities =
        Arrays.stream(found).mapToDouble(b -> Math.min(1, (b - BINS + 0.5) / BINS)).toArray();
    return new UnrelatedPairs(similarities, Arrays.stream(found).mapToLong(b -> bins[b]).toArray());
  }

  /**
   * Jaccard similarities of all pairs of a sample of texts, counted in steps of 0.001: of most
   * pairs it is less than 0.01, and the bands' probability grows with a power of it.
   *
   * @param shingles of each text, as hashes, each once
   * @param related pairs at least so similar are left out, over 0 and at most 1
   */
  public static UnrelatedPairs measured(List<long[]> shingles, double related) {
    Map<Long, List<Integer>> textsOf = new HashMap<>();
    long[] bins = new long[FINE_BINS + 1];
    int[] common = new int[shingles.size()];
    for (int i = 0; i < shingles.size(); i++) {
      Arrays.fill(common, 0, i, 0);
      for (long shingle : shingles.get(i)) {
        List<Integer> texts = textsOf.computeIfAbsent(shingle, s -> new ArrayList<>());
        texts.forEach(j -> common[j]++);
        texts.add(i);
      }
      for (int j = 0; j < i; j++) {
        int all = shingles.get(i).length + shingles.get(j).length - common[j];
        double jaccard = all == 0 ? 0 : (double) common[j] / all;
        if (jaccard < related) {
          bins[(int) Math.ceil(jaccard * FINE_BINS)]++;
        }
      }
    }
    int[] found = IntStream.range(0, bins.length).filter(b -> bins[b] > 0).toArray();
    double[] similarities =
        Arrays.stream(found).mapToDouble(b -> Math.max(0, b - 0.5) / FINE_BINS).toArray();
    return new UnrelatedPairs(similarities, Arrays.stream(found).mapToLong(b -> bins[b]).toArray());
  }

  private static float[] unit(short[] encoding) {
    double squares = 0;
    for (short component : encoding) {
      squares += (double) component * component;
    }
    float[] unit = new float[encoding.length];
    for (int i = 0; i < unit.length && squares > 0; i++) {
      unit[i] = (float) (encoding[i] / Math.sqrt(squares));
    }
    return unit;
  }

  private static float dot(float[] a, float[] b) {
    float[] sums = new float[8];
    int whole = a.length - a.length % sums.length;
    for (int i = 0; i < whole; i += sums.length) {
      for (int lane = 0; lane < sums.length; lane++) {
        sums[lane] += a[i + lane] * b[i + lane];
      }
    }
    float sum = 0;
    for (float lane : sums) {
      sum += lane;
    }
    for (int i = whole; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /**
   * Reads what {@link #lines} writes: a similarity a line, and behind a blank how many pairs have
   * it, 1 where nothing is said. Empty lines and those that begin with # are skipped.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static UnrelatedPairs parse(List<String> lines) {
    List<Double> similarities = new ArrayList<>();
    List<Long> pairs = new ArrayList<>();
    for (String line : lines) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      String[] words = line.strip().split("\\s+", 2);
      try {
        similarities.add(Double.parseDouble(words[0]));
        pairs.add(words.length == 1 ? 1 : Long.parseLong(words[1]));
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            "a line of unrelated pairs is a similarity and a count, found: " + line, e);
      }
    }
    return new UnrelatedPairs(
        similarities.stream().mapToDouble(Double::doubleValue).toArray(),
        pairs.stream().mapToLong(Long::longValue).toArray());
  }

  /** One line a similarity. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < similarities.length; i++) {
      lines.add(String.format(Locale.ROOT, "%.4f %d", similarities[i], pairs[i]));
    }
    return lines;
  }

  /** The mean over all pairs. */
  double mean(DoubleUnaryOperator value) {
    double sum = 0;
    double count = 0;
    for (int i = 0; i < pairs.length; i++) {
      sum += pairs[i] * value.applyAsDouble(similarities[i]);
      count += pairs[i];
    }
    return sum / count;
  }
}
