package dev.twinstream.lsh;

/** How likely one function of a family gives two documents the same value. */
final class CollisionProbabilities {
  private static final double ROOT_TWO_PI = Math.sqrt(2 * Math.PI);

  /** Normal variables beyond this are left out of integrals. */
  private static final double FAR = 7;

  /** The least angle at which the polytope's integral is taken; its grid is as fine as that. */
  private static final double LEAST_ANGLE = 0.014;

  private static final int CELLS_A_UNIT = 1024;
  private static final double[] BELOW = below();

  private CollisionProbabilities() {}

  /** The probability that a standard normal variable is less; the error is under 1e-6. */
  static double below(double x) {
    double place = (x + FAR) * CELLS_A_UNIT;
    if (!(place > 0)) {
      return 0;
    }
    int cell = (int) place;
    if (cell >= BELOW.length - 1) {
      return 1;
    }
    return BELOW[cell] + (place - cell) * (BELOW[cell + 1] - BELOW[cell]);
  }

  private static double[] below() {
    double[] below = new double[(int) (2 * FAR * CELLS_A_UNIT) + 1];
    for (int i = 1; i < below.length; i++) {
      below[i] = below[i - 1] + density((i - 0.5) / CELLS_A_UNIT - FAR) / CELLS_A_UNIT;
    }
    return below;
  }

  /** A random hyperplane's side: 1 - angle / pi (Charikar 2002, section 3). */
  static double sign(double cosine) {
    return 1 - angle(cosine) / Math.PI;
  }

  /**
   * A step of width 1 under a normal projection: the integral over t from 0 to 1 of the density of
   * |N(0, distance)| at t, times 1 - t (Datar et al. 2004, section 3.2).
   */
  static double step(double distance) {
    if (distance <= 0) {
      return 1;
    }
    int intervals = 1000;
    double end = Math.min(1, FAR * distance);
    double width = end / intervals;
    double sum = 0;
    for (int i = 0; i < intervals; i++) {
      double t = (i + 0.5) * width;
      sum += density(t / distance) * (1 - t);
    }
    return Math.min(1, 2 * sum * width / distance);
  }

  /**
   * The nearest vertex of a cross-polytope after a random rotation, its coordinates taken as
   * independent normal ones (Andoni et al. 2015, section 3): 2 d times the integral, over positive
   * (u, v), of the joint density of one coordinate of both vectors and the probability that all
   * others are smaller in size.
   *
   * @param size d
   */
  static double polytope(double cosine, int size) {
    double angle = angle(cosine);
    if (angle < LEAST_ANGLE) {
      // Near 0 the loss is in proportion to the angle.
      return 1 - (1 - polytopeAt(LEAST_ANGLE, size)) * angle / LEAST_ANGLE;
    }
    return angle > Math.PI - LEAST_ANGLE ? 0 : polytopeAt(angle, size);
  }

  private static double polytopeAt(double angle, int size) {
    double step = Math.min(0.05, Math.sin(angle) / 4);
    int cells = (int) Math.ceil(FAR / step);
    double[] columns = new double[cells]; // mass of the rows before, up to and with a column
    double sum = 0;
    for (int i = 0; i < cells; i++) {
      double u = (i + 0.5) * step;
      double row = 0;
      double left = 0;
      for (int j = 0; j < cells; j++) {
        double v = (j + 0.5) * step;
        double same = density(u, v, angle) * step * step;
        double mass = 2 * (same + density(u, -v, angle) * step * step);
        // Up to the cell's middle: half of the strips below it and beside it.
        double smaller = (left + columns[j] + row) / 2 + mass / 4;
        sum += same * Math.pow(smaller, size - 1.0);
        row += mass;
        left = columns[j];
        columns[j] += row;
      }
    }
    return Math.min(1, 2.0 * size * sum);
  }

  private static double angle(double cosine) {
    if (!(cosine >= -1.000001 && cosine <= 1.000001)) {
      throw new IllegalArgumentException("a cosine is -1 to 1, found " + cosine);
    }
    return Math.acos(Math.max(-1, Math.min(1, cosine)));
  }

  private static double density(double x) {
    return Math.exp(-x * x / 2) / ROOT_TWO_PI;
  }

  /** Of two standard normal variables with the correlation cos(angle). */
  private static double density(double u, double v, double angle) {
    double sine = Math.sin(angle);
    double exponent = (u * u - 2 * Math.cos(angle) * u * v + v * v) / (2 * sine * sine);
    return Math.exp(-exponent) / (2 * Math.PI * sine);
  }
}
