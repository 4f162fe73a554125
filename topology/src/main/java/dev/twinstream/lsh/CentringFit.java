package dev.twinstream.lsh;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Fits a {@link Centring} to a sample of encodings. Fitting is done once, in floating point; its
 * result is rounded to integers, stored and part of an epoch, so that nothing hangs on fitting it
 * twice alike.
 */
public final class CentringFit {
  private static final int ROUNDS = 50;
  private static final double VARIANCE_ADDED = 0.01;

  private CentringFit() {}

  /**
   * The mean alone.
   *
   * @param sample at least 2 encodings of one size; zero ones are left out
   */
  public static Centring mean(List<short[]> sample) {
    return new Centring(rounded(meanOf(checked(sample))), new short[0][]);
  }

  /**
   * The mean, and the directions of most variance (Jolliffe, Principal Component Analysis, 2002,
   * section 1.1).
   *
   * @param dimensions kept, 1 to the encodings' size
   */
  public static Centring principalComponents(List<short[]> sample, int dimensions) {
    List<short[]> encodings = checked(sample);
    double[] mean = meanOf(encodings);
    return new Centring(rounded(mean), fixedPoint(components(encodings, mean, dimensions)));
  }

  /**
   * The mean, and the directions of most variance, in which the encodings are spread more evenly:
   * each is divided by its variance to the given power. Full whitening (power 1/2; Su, Cao, Liu,
   * Ou, Whitening sentence representations, 2021, section 3) lets directions of little meaning
   * weigh as much as any; a lower power stays between that and none (power 0). A hundredth of the
   * mean variance is added to each, so that a direction of next to none does not turn the rounding
   * of encodings into a signal. Images have a root mean square length of 1, or less where a factor
   * would pass the fixed-point range.
   *
   * @param dimensions kept, 1 to the encodings' size
   * @param power 0 to 1/2
   */
  public static Centring whitened(List<short[]> sample, int dimensions, double power) {
    List<short[]> encodings = checked(sample);
    checkWhitening(encodings.get(0).length, dimensions, power);
    double[] mean = meanOf(encodings);
    SymmetricEigen eigen = SymmetricEigen.of(covariance(encodings, mean));
    double[][] rows = kept(eigen, dimensions);
    double floor = VARIANCE_ADDED * Arrays.stream(eigen.values()).average().orElseThrow();
    double squares = 0;
    double largest = 0;
    for (int row = 0; row < dimensions; row++) {
      double factor = Math.pow(eigen.values()[row] + floor, -power);
      squares += eigen.values()[row] * factor * factor;
      for (int i = 0; i < rows[row].length; i++) {
        rows[row][i] *= factor;
        largest = Math.max(largest, Math.abs(rows[row][i]));
      }
    }
    double scale =
        Math.min(
            Short.MAX_VALUE / Math.sqrt(squares), (Short.MAX_VALUE - 1.0) / Centring.ONE / largest);
    for (double[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        row[i] *= scale;
      }
    }
    return new Centring(rounded(mean), fixedPoint(rows));
  }

  /**
   * Whether encodings of a size can be {@link #whitened} so.
   *
   * @throws IllegalArgumentException where they cannot; names what is wrong
   */
  public static void checkWhitening(int size, int dimensions, double power) {
    if (!(power >= 0 && power <= 0.5)) {
      throw new IllegalArgumentException("the power of whitening is 0 to 0.5, found " + power);
    }
    checkDimensions(size, dimensions);
  }

  private static void checkDimensions(int size, int dimensions) {
    if (dimensions < 1 || dimensions > size) {
      throw new IllegalArgumentException(
          "1 to " + size + " dimensions can be kept, found " + dimensions);
    }
  }

  /**
   * The mean, the directions of most variance, and in them the rotation that brings the encodings
   * nearest to the corners of a cube, so that signs of components keep the most (Gong, Lazebnik,
   * Iterative quantization, CVPR 2011, section 2.2). Meant for {@link ComponentSigns}.
   *
   * @param dimensions kept, 1 to the encodings' size
   * @param seed of the rotation at which the iteration starts
   */
  public static Centring iterativeQuantization(List<short[]> sample, int dimensions, long seed) {
    List<short[]> encodings = checked(sample);
    double[] mean = meanOf(encodings);
    double[][] components = components(encodings, mean, dimensions);
    List<double[]> points = new ArrayList<>(encodings.size());
    for (short[] encoding : encodings) {
      points.add(product(components, centred(encoding, mean)));
    }
    double[][] rotation = nearestRotation(random(dimensions, seed));
    for (int round = 0; round < ROUNDS; round++) {
      double[][] sum = new double[dimensions][dimensions];
      for (double[] point : points) {
        double[] turned = product(rotation, point);
        for (int i = 0; i < dimensions; i++) {
          double corner = turned[i] >= 0 ? 1 : -1;
          for (int j = 0; j < dimensions; j++) {
            sum[i][j] += corner * point[j];
          }
        }
      }
      rotation = nearestRotation(sum);
    }
    return new Centring(rounded(mean), fixedPoint(product(rotation, components)));
  }

  private static List<short[]> checked(List<short[]> sample) {
    List<short[]> encodings = new ArrayList<>(sample.size());
    for (short[] encoding : sample) {
      if (encoding.length != sample.get(0).length) {
        throw new IllegalArgumentException(
            "the sample's encodings have "
                + sample.get(0).length
                + " and "
                + encoding.length
                + " components");
      }
      for (short component : encoding) {
        if (component != 0) {
          encodings.add(encoding);
          break;
        }
      }
    }
    if (encodings.size() < 2) {
      throw new IllegalArgumentException(
          "a fit needs at least 2 encodings that are not zero, found " + encodings.size());
    }
    return encodings;
  }

  private static double[] meanOf(List<short[]> encodings) {
    double[] mean = new double[encodings.get(0).length];
    for (short[] encoding : encodings) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += (double) encoding[i] / encodings.size();
      }
    }
    return mean;
  }

  private static double[] centred(short[] encoding, double[] mean) {
    double[] centred = new double[mean.length];
    for (int i = 0; i < mean.length; i++) {
      centred[i] = encoding[i] - mean[i];
    }
    return centred;
  }

  private static double[][] components(List<short[]> encodings, double[] mean, int dimensions) {
    return kept(SymmetricEigen.of(covariance(encodings, mean)), dimensions);
  }

  private static double[][] kept(SymmetricEigen eigen, int dimensions) {
    double[][] vectors = eigen.vectors();
    checkDimensions(vectors.length, dimensions);
    return Arrays.copyOf(vectors, dimensions);
  }

  private static double[][] covariance(List<short[]> encodings, double[] mean) {
    double[][] covariance = new double[mean.length][mean.length];
    for (short[] encoding : encodings) {
      double[] centred = centred(encoding, mean);
      for (int i = 0; i < mean.length; i++) {
        for (int j = 0; j < mean.length; j++) {
          covariance[i][j] += centred[i] * centred[j] / encodings.size();
        }
      }
    }
    return covariance;
  }

  private static double[][] random(int size, long seed) {
    Random random = new Random(seed);
    double[][] matrix = new double[size][size];
    for (double[] row : matrix) {
      for (int i = 0; i < size; i++) {
        row[i] = random.nextGaussian();
      }
    }
    return matrix;
  }

  /**
   * The orthogonal matrix nearest to M, (M M^T)^(-1/2) M: the Procrustes step of iterative
   * quantisation without a singular value decomposition.
   */
  private static double[][] nearestRotation(double[][] matrix) {
    int size = matrix.length;
    double[][] square = new double[size][];
    for (int i = 0; i < size; i++) {
      square[i] = product(matrix, matrix[i]);
    }
    SymmetricEigen eigen = SymmetricEigen.of(square);
    double floor = Math.max(eigen.values()[0] * 1e-12, Double.MIN_NORMAL);
    double[][] root = new double[size][size];
    for (int k = 0; k < size; k++) {
      double factor = 1 / Math.sqrt(Math.max(eigen.values()[k], floor));
      double[] vector = eigen.vectors()[k];
      for (int i = 0; i < size; i++) {
        for (int j = 0; j < size; j++) {
          root[i][j] += factor * vector[i] * vector[j];
        }
      }
    }
    return product(root, matrix);
  }

  private static double[] product(double[][] matrix, double[] vector) {
    double[] product = new double[matrix.length];
    for (int i = 0; i < matrix.length; i++) {
      for (int j = 0; j < vector.length; j++) {
        product[i] += matrix[i][j] * vector[j];
      }
    }
    return product;
  }

  private static double[][] product(double[][] a, double[][] b) {
    double[][] product = new double[a.length][b[0].length];
    for (int i = 0; i < a.length; i++) {
      for (int k = 0; k < b.length; k++) {
        for (int j = 0; j < b[k].length; j++) {
          product[i][j] += a[i][k] * b[k][j];
        }
      }
    }
    return product;
  }

  private static short[] rounded(double[] numbers) {
    short[] rounded = new short[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      rounded[i] = (short) Math.round(numbers[i]);
    }
    return rounded;
  }

  private static short[][] fixedPoint(double[][] rows) {
    short[][] numbers = new short[rows.length][rows[0].length];
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < rows[i].length; j++) {
        numbers[i][j] = (short) Math.round(rows[i][j] * Centring.ONE);
      }
    }
    return numbers;
  }
}
