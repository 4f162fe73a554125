package dev.twinstream.lsh;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** A way to bring a short text and a long one together, as a stream could use it. */
public interface ContainmentMethod {
  String name();

  /** Keys that a text of these shingles is stored under. */
  long[] stored(long[] shingles);

  /** Keys that it looks under. */
  default long[] lookedUnder(long[] shingles) {
    return stored(shingles);
  }

  /** What is kept of a text beside its keys, in bytes, for verifying; signatures apart. */
  default int sketchBytes(long[] shingles) {
    return 0;
  }

  /** Bands of the whole text's signature: what the application has anyhow. */
  record Bands(int bands, int rows) implements ContainmentMethod {
    @Override
    public String name() {
      return "bands of the signature, " + bands + " x " + rows;
    }

    @Override
    public long[] stored(long[] shingles) {
      return new MinHashFamily(new Banding(bands, rows), 16, 1, 0).keys(shingles, 0);
    }
  }

  /** MinHash of segments that overlap by half, so that one lies mostly inside any part. */
  record Segments(int segment, int bands, int rows) implements ContainmentMethod {
    @Override
    public String name() {
      return "MinHash by segment of " + segment + ", " + bands + " x " + rows;
    }

    @Override
    public long[] stored(long[] shingles) {
      MinHashFamily family = new MinHashFamily(new Banding(bands, rows), 16, 1, 0);
      Set<Long> keys = new LinkedHashSet<>();
      for (int at = 0; at == 0 || at + segment / 2 < shingles.length; at += segment / 2) {
        int end = Math.min(shingles.length, at + segment);
        for (long key : family.keys(Arrays.copyOfRange(shingles, at, end), 0)) {
          keys.add(key);
        }
      }
      return keys.stream().mapToLong(key -> key).toArray();
    }
  }

  /**
   * LSH Ensemble (Zhu, Nargesian, Pu, Miller, VLDB 2016). Its partitions by size are fitted to the
   * sizes there are; a stream does not know those, so that here they are powers of 2. A text is
   * stored in its size's partition, under every prefix of every tree, as the paper's forest is; it
   * looks in each partition under the bands and rows that are best for the two sizes at a
   * containment of 0.8, whichever of the two is the short text.
   */
  record Ensemble(int trees, int depth) implements ContainmentMethod {
    private static final double CONTAINMENT = 0.8;
    private static final int LEAST = 5;
    private static final int MOST = 14;
    private static final Map<Double, Banding> BEST = new HashMap<>();

    @Override
    public String name() {
      return "LSH Ensemble, sizes by powers of 2, " + trees * depth + " components";
    }

    private static int partition(long[] shingles) {
      int log = Integer.SIZE - Integer.numberOfLeadingZeros(shingles.length);
      return Math.max(LEAST, Math.min(MOST, log));
    }

    private int[] signature(long[] shingles) {
      return new MinHash(trees * depth, 1).signature(shingles);
    }

    private long key(int[] signature, int partition, int tree, int rows) {
      long code = Mixer.combine(partition, rows);
      for (int row = 0; row < rows; row++) {
        code = Mixer.combine(code, signature[tree * depth + row]);
      }
      return Mixer.combine(code, tree);
    }

    @Override
    public long[] stored(long[] shingles) {
      int[] signature = signature(shingles);
      int partition = partition(shingles);
      return IntStream.range(0, trees)
          .boxed()
          .flatMapToLong(
              tree ->
                  IntStream.rangeClosed(1, depth)
                      .mapToLong(rows -> key(signature, partition, tree, rows)))
          .toArray();
    }

    @Override
    public long[] lookedUnder(long[] shingles) {
      int[] signature = signature(shingles);
      LongStream keys = LongStream.empty();
      for (int p = LEAST; p <= MOST; p++) {
        int partition = p;
        double other = 0.75 * (1L << partition); // the middle of the sizes there
        double small = Math.min(other, shingles.length);
        double large = Math.max(other, shingles.length);
        double jaccard = CONTAINMENT * small / (small + large - CONTAINMENT * small);
        double threshold = Math.rint(100 * jaccard) / 100;
        Banding best = BEST.computeIfAbsent(threshold, this::banding);
        LongStream more =
            IntStream.range(0, best.bands())
                .mapToLong(tree -> key(signature, partition, tree, best.rows()));
        keys = LongStream.concat(keys, more);
      }
      return keys.toArray();
    }

    private Banding banding(double threshold) {
      Banding best = null;
      double least = Double.POSITIVE_INFINITY;
      for (int rows = 1; rows <= depth; rows++) {
        for (int bands = 1; bands <= trees; bands++) {
          Banding banding = new Banding(bands, rows);
          double misses = 0;
          double needless = 0;
          for (int i = 0; i < 100; i++) {
            double jaccard = (i + 0.5) / 100;
            double candidate = banding.candidateProbability(jaccard);
            needless += jaccard < threshold ? candidate : 0;
            misses += jaccard < threshold ? 0 : 1 - candidate;
          }
          if (needless + misses < least) {
            least = needless + misses;
            best = banding;
          }
        }
      }
      return best;
    }
  }

  /** Winnowed fingerprints of runs of words, and a sample to verify by. */
  record Winnowed(int words, int window) implements ContainmentMethod {
    private static final int SHINGLE_WORDS = 3;

    @Override
    public String name() {
      return "winnowed runs of " + words + " words, window " + window;
    }

    /** A run of words is told by the shingles in it. */
    @Override
    public long[] stored(long[] shingles) {
      int length = words - SHINGLE_WORDS + 1;
      long[] runs = new long[Math.max(0, shingles.length - length + 1)];
      for (int i = 0; i < runs.length; i++) {
        for (int j = 0; j < length; j++) {
          runs[i] = Mixer.combine(runs[i], shingles[i + j]);
        }
      }
      return new WinnowedFingerprints(window, PartSketcher.MOST_FINGERPRINTS, 1, 0).keys(runs, 0);
    }

    @Override
    public int sketchBytes(long[] shingles) {
      return stored(shingles).length * Integer.BYTES
          + ShingleSample.of(shingles, 1).pack().remaining();
    }
  }
}
