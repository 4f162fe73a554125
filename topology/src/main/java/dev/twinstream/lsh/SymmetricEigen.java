package dev.twinstream.lsh;

import java.util.Arrays;
import java.util.Comparator;

/**
 * Eigenvalues and eigenvectors of a symmetric matrix by cyclic Jacobi rotations (Golub, Van Loan,
 * Matrix Computations, section 8.5). Time grows with the cube of the size.
 *
 * @param values eigenvalues, largest first
 * @param vectors one row an eigenvalue, of unit length
 */
@SuppressWarnings("ArrayRecordComponent") // lives for one fit
record SymmetricEigen(double[] values, double[][] vectors) {
  private static final int MOST_SWEEPS = 50;
  private static final double SMALL = 1e-22;

  static SymmetricEigen of(double[][] matrix) {
    int n = matrix.length;
    double[][] a = new double[n][];
    double[][] v = new double[n][n];
    double total = 0;
    for (int i = 0; i < n; i++) {
      a[i] = matrix[i].clone();
      v[i][i] = 1;
      for (double x : a[i]) {
        total += x * x;
      }
    }
    for (int sweep = 0; sweep < MOST_SWEEPS && offDiagonal(a) > SMALL * total; sweep++) {
      for (int p = 0; p < n - 1; p++) {
        for (int q = p + 1; q < n; q++) {
          if (a[p][q] != 0) {
            annihilate(a, v, p, q);
          }
        }
      }
    }
    Integer[] order = new Integer[n];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble(i -> -a[i][i]));
    double[] values = new double[n];
    double[][] vectors = new double[n][];
    for (int i = 0; i < n; i++) {
      values[i] = a[order[i]][order[i]];
      vectors[i] = v[order[i]];
    }
    return new SymmetricEigen(values, vectors);
  }

  private static double offDiagonal(double[][] a) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < i; j++) {
        sum += 2 * a[i][j] * a[i][j];
      }
    }
    return sum;
  }

  /** The rotation of rows and columns p and q after which their common entry is 0. */
  private static void annihilate(double[][] a, double[][] v, int p, int q) {
    double theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
    double tangent = Math.copySign(1, theta) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
    double cosine = 1 / Math.sqrt(tangent * tangent + 1);
    double sine = tangent * cosine;
    rotate(a[p], a[q], cosine, sine);
    for (double[] row : a) {
      double left = row[p];
      row[p] = cosine * left - sine * row[q];
      row[q] = sine * left + cosine * row[q];
    }
    rotate(v[p], v[q], cosine, sine);
  }

  private static void rotate(double[] p, double[] q, double cosine, double sine) {
    for (int i = 0; i < p.length; i++) {
      double left = p[i];
      p[i] = cosine * left - sine * q[i];
      q[i] = sine * left + cosine * q[i];
    }
  }
}
