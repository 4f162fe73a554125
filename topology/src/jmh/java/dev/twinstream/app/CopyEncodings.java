package dev.twinstream.app;

import dev.twinstream.evaluate.CopyKind;
import dev.twinstream.evaluate.MadeUpStream;
import dev.twinstream.evaluate.MadeUpStream.Truth;
import dev.twinstream.lsh.Mixer;
import dev.twinstream.lsh.QuantizedEncoding;
import dev.twinstream.model.Bundle;
import dev.twinstream.model.EncodedText;
import dev.twinstream.model.Encoder;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Encodings for more documents than can be encoded in the time there is. Some bases, and copies of
 * each kind, are truly encoded; the stream's first bases get these encodings. Each other base gets
 * one between a true encoding and one of its neighbours, which keeps subjects together as the true
 * ones are, turned towards a random mixture of all: by just so much that, of random pairs, the
 * cosine that one in a hundred exceeds is that of the true encodings. A copy's encoding is its
 * base's, turned by an angle drawn from those measured for its kind, towards another such mixture.
 * All hang on the seed alone.
 */
final class CopyEncodings {
  private static final int MIXED = 4;

  /** A true encoding's neighbours: the nearest of so many others drawn at random. */
  private static final int NEIGHBOURS = 8;

  private static final int NEIGHBOURS_AMONG = 500;

  private static final int FITTED_PAIRS = 50_000;
  private static final double FITTED_QUANTILE = 0.99;
  private static final int BATCH = 64;
  private static final int FORMAT = 1;

  /** Numbers that no document of the stream has: copies that are only measured have them. */
  private static final int MEASURED_COPIES = 1_000_000_000;

  private final long seed;
  private final float[][] bases;
  private final Map<CopyKind, float[]> distances;
  private final double[] mean;
  private final int[][] neighbours;

  /** Length of the mixture that is added to an encoding of length 1. */
  private double spread;

  private CopyEncodings(long seed, float[][] bases, Map<CopyKind, float[]> distances) {
    this.seed = seed;
    this.bases = bases;
    this.distances = distances;
    mean = new double[bases[0].length];
    for (float[] base : bases) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += base[i] / bases.length;
      }
    }
    neighbours = new int[bases.length][];
    for (int i = 0; i < bases.length; i++) {
      neighbours[i] = neighbours(i);
    }
    fitSpread();
  }

  private int[] neighbours(int of) {
    Random random = random(3, of);
    return random
        .ints(NEIGHBOURS_AMONG, 0, bases.length)
        .filter(i -> i != of)
        .distinct()
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> -dot(bases[of], bases[i])))
        .limit(NEIGHBOURS)
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** The more is added, the less alike are pairs of one subject: halves the interval. */
  private void fitSpread() {
    int at = (int) (FITTED_QUANTILE * FITTED_PAIRS);
    double wanted = pairCosines(false, FITTED_PAIRS)[at];
    double low = 0;
    double high = 2;
    for (int step = 0; step < 10; step++) {
      spread = (low + high) / 2;
      if (pairCosines(true, FITTED_PAIRS)[at] > wanted) {
        low = spread;
      } else {
        high = spread;
      }
    }
  }

  /**
   * Encodes and measures, or reads what an earlier run with the same model, corpus, seed and number
   * measured.
   *
   * @param encoded documents to encode truly, half of them bases
   * @param sentences of the corpus, which tell it from others
   */
  static CopyEncodings of(String corpus, int sentences, long seed, int encoded, Path cache)
      throws IOException {
    Bundle bundle = Bundle.builtIn();
    String name =
        String.join(" ", "" + FORMAT, bundle.checksum(), "" + sentences, "" + seed, "" + encoded);
    if (Files.exists(cache)) {
      try (DataInputStream in =
          new DataInputStream(new BufferedInputStream(Files.newInputStream(cache)))) {
        if (in.readUTF().equals(name)) {
          return read(in, seed);
        }
      }
    }
    CopyEncodings measured;
    // Its own stream, so that its bases are runs of the corpus, as far as there are.
    try (MadeUpStream stream = MadeUpStream.open(corpus, seed, encoded)) {
      measured = measure(stream, seed, encoded, bundle);
    }
    Files.createDirectories(cache.toAbsolutePath().getParent());
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(cache)))) {
      out.writeUTF(name);
      measured.write(out);
    }
    return measured;
  }

  private static CopyEncodings measure(MadeUpStream stream, long seed, int encoded, Bundle bundle) {
    int baseCount = encoded / 2;
    List<CopyKind> kinds = new ArrayList<>(List.of(CopyKind.values()));
    kinds.removeAll(List.of(CopyKind.BASE, CopyKind.EXACT));
    int copies = Math.max(1, baseCount / kinds.size());
    Map<CopyKind, float[]> distances = new EnumMap<>(CopyKind.class);
    try (Encoder encoder = new Encoder(bundle, new Encoder.Options(8192, 16_384, 0))) {
      System.err.printf("encoding %,d bases, %,d copies a kind%n", baseCount, copies);
      float[][] bases = encode(encoder, stream, CopyKind.BASE, baseCount);
      for (CopyKind kind : kinds) {
        float[][] encodings = encode(encoder, stream, kind, copies);
        float[] found = new float[copies];
        for (int i = 0; i < copies; i++) {
          found[i] = (float) Math.max(0, 1 - dot(bases[i], encodings[i]));
        }
        Arrays.sort(found);
        distances.put(kind, found);
        System.err.println("encoded: " + kind.label());
      }
      return new CopyEncodings(seed, bases, distances);
    }
  }

  private static float[][] encode(Encoder encoder, MadeUpStream stream, CopyKind kind, int count) {
    float[][] encodings = new float[count][];
    for (int from = 0; from < count; from += BATCH) {
      List<String> texts = new ArrayList<>();
      for (int i = from; i < Math.min(count, from + BATCH); i++) {
        int number = MEASURED_COPIES + kind.ordinal() * 1_000_000 + i;
        texts.add(stream.text(new Truth(i, kind), number));
      }
      List<EncodedText> encoded = encoder.encode(texts);
      for (int i = 0; i < encoded.size(); i++) {
        encodings[from + i] = encoded.get(i).encoding();
      }
    }
    return encodings;
  }

  private static double dot(float[] a, float[] b) {
    double dot = 0;
    for (int i = 0; i < a.length; i++) {
      dot += (double) a[i] * b[i];
    }
    return dot;
  }

  private static CopyEncodings read(DataInputStream in, long seed) throws IOException {
    float[][] bases = new float[in.readInt()][in.readInt()];
    for (float[] base : bases) {
      readInto(in, base);
    }
    Map<CopyKind, float[]> distances = new EnumMap<>(CopyKind.class);
    for (int kinds = in.readInt(); kinds > 0; kinds--) {
      CopyKind kind = CopyKind.valueOf(in.readUTF());
      float[] found = new float[in.readInt()];
      readInto(in, found);
      distances.put(kind, found);
    }
    return new CopyEncodings(seed, bases, distances);
  }

  private static void readInto(DataInputStream in, float[] values) throws IOException {
    for (int i = 0; i < values.length; i++) {
      values[i] = in.readFloat();
    }
  }

  private void write(DataOutputStream out) throws IOException {
    out.writeInt(bases.length);
    out.writeInt(mean.length);
    for (float[] base : bases) {
      writeAll(out, base);
    }
    out.writeInt(distances.size());
    for (Map.Entry<CopyKind, float[]> entry : distances.entrySet()) {
      out.writeUTF(entry.getKey().name());
      out.writeInt(entry.getValue().length);
      writeAll(out, entry.getValue());
    }
  }

  private static void writeAll(DataOutputStream out, float[] values) throws IOException {
    for (float value : values) {
      out.writeFloat(value);
    }
  }

  /** Bases truly encoded. */
  int encodedBases() {
    return bases.length;
  }

  /** Copies of a kind truly encoded; 0 where its encoding is its base's. */
  int encodedCopies(CopyKind kind) {
    return distances.getOrDefault(kind, new float[0]).length;
  }

  /** A quantile of the cosine distances of copies of a kind to their bases. */
  double distance(CopyKind kind, double quantile) {
    float[] found = distances.get(kind);
    return found == null ? 0 : found[(int) Math.min(found.length - 1, quantile * found.length)];
  }

  /** A document's encoding, quantised. */
  short[] encoding(Truth truth, int number) {
    double[] base = base(truth.base());
    float[] found = distances.get(truth.kind());
    if (found != null) {
      Random random = random(1, number);
      double cosine = 1 - found[random.nextInt(found.length)];
      double[] side = mixture(random);
      double along = dot(side, base);
      for (int i = 0; i < base.length; i++) {
        side[i] -= along * base[i];
      }
      normalize(side);
      double sine = StrictMath.sqrt(Math.max(0, 1 - cosine * cosine));
      for (int i = 0; i < base.length; i++) {
        base[i] = cosine * base[i] + sine * side[i];
      }
    }
    float[] encoding = new float[base.length];
    for (int i = 0; i < base.length; i++) {
      encoding[i] = (float) base[i];
    }
    return QuantizedEncoding.quantize(encoding);
  }

  private double[] base(int number) {
    double[] encoding = new double[mean.length];
    if (number < bases.length) {
      add(encoding, bases[number], 1);
    } else {
      Random random = random(0, number);
      int near = random.nextInt(bases.length);
      int[] others = neighbours[near];
      double share = random.nextDouble();
      add(encoding, bases[near], 1 - share);
      add(encoding, bases[others[random.nextInt(others.length)]], share);
      normalize(encoding);
      double[] mixture = mixture(random);
      for (int i = 0; i < encoding.length; i++) {
        encoding[i] += spread * mixture[i];
      }
    }
    normalize(encoding);
    return encoding;
  }

  private static void add(double[] sum, float[] vector, double weight) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += weight * vector[i];
    }
  }

  private Random random(int purpose, int number) {
    return new Random(Mixer.stream(Mixer.stream(seed, purpose), number));
  }

  /** A deviation from the mean. */
  private double[] mixture(Random random) {
    double[] weights = new double[MIXED];
    for (int i = 0; i < MIXED; i++) {
      weights[i] = random.nextGaussian();
    }
    normalize(weights);
    double[] mixture = new double[mean.length];
    for (double weight : weights) {
      float[] drawn = bases[random.nextInt(bases.length)];
      for (int i = 0; i < mixture.length; i++) {
        mixture[i] += weight * (drawn[i] - mean[i]);
      }
    }
    return mixture;
  }

  private static double dot(double[] a, double[] b) {
    double dot = 0;
    for (int i = 0; i < a.length; i++) {
      dot += a[i] * b[i];
    }
    return dot;
  }

  private static void normalize(double[] vector) {
    double length = StrictMath.sqrt(dot(vector, vector));
    for (int i = 0; i < vector.length; i++) {
      vector[i] /= length;
    }
  }

  /** Cosines of random pairs of different bases, sorted: of true encodings, or of mixed ones. */
  double[] pairCosines(boolean mixed, int pairs) {
    Random random = random(2, mixed ? 1 : 0);
    double[] cosines = new double[pairs];
    for (int i = 0; i < pairs; i++) {
      int a = random.nextInt(bases.length);
      int b = (a + 1 + random.nextInt(bases.length - 1)) % bases.length;
      int shift = mixed ? bases.length : 0;
      cosines[i] = dot(base(shift + a), base(shift + b));
    }
    Arrays.sort(cosines);
    return cosines;
  }
}
