package dev.twinstream.lsh;

import dev.twinstream.lsh.TableHash.Alternative;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** How a table's projections become values of its functions. Pure. */
interface Bucketing {
  /** Projections a table takes. */
  int projections();

  /** One value a function. */
  long[] values(long[] projections);

  /** The neighbouring values; distances in units of the projections. */
  List<Alternative> alternatives(long[] projections);

  /**
   * The probability that other projections, each of the given correlation with these, have the
   * values; where that has no formula, 1 or 0 as one draw of them has the values or not.
   *
   * @param drawn the values of one draw of the other projections
   * @param deviation standard deviation of a projection
   */
  double agreement(
      long[] values, long[] projections, long[] drawn, double correlation, double deviation);

  /** The values as one number, of which a key is made. */
  default long code(long[] values) {
    long code = 0;
    for (long value : values) {
      code = Mixer.combine(code, value);
    }
    return code;
  }

  /** A function is a projection's sign; the neighbour is the other sign. */
  record Signs(int projections) implements Bucketing {
    @Override
    public long[] values(long[] projections) {
      long[] values = new long[projections.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = projections[i] >= 0 ? 1 : 0;
      }
      return values;
    }

    @Override
    public List<Alternative> alternatives(long[] projections) {
      List<Alternative> alternatives = new ArrayList<>(projections.length);
      for (int i = 0; i < projections.length; i++) {
        long other = projections[i] >= 0 ? 0 : 1;
        alternatives.add(new Alternative(i, other, Math.abs((double) projections[i])));
      }
      return alternatives;
    }

    @Override
    public double agreement(
        long[] values, long[] projections, long[] drawn, double correlation, double deviation) {
      double noise = noise(correlation) * deviation;
      double product = 1;
      for (int i = 0; i < values.length && product > NONE; i++) {
        double towards = correlation * projections[i] / noise;
        product *= CollisionProbabilities.below(values[i] == 1 ? towards : -towards);
      }
      return product;
    }

    /** One bit a function, the first one highest. */
    @Override
    public long code(long[] values) {
      long code = 0;
      for (long value : values) {
        code = (code << 1) | value;
      }
      return code;
    }
  }

  /**
   * A function is the nearest vertex of the cross-polytope: the index of the largest among the
   * projections and then their negatives, ties to the lowest index. Neighbours are the next nearest
   * vertices (Andoni et al. 2015, section 5); the threshold towards one is where both are equally
   * far, at the difference of their projections over the square root of 2.
   *
   * @param functions polytopes
   * @param size projections a polytope has
   */
  record Polytopes(int functions, int size) implements Bucketing {
    /** Farther vertices are probed by no sensible query. */
    private static final int NEIGHBOURS = 64;

    @Override
    public int projections() {
      return functions * size;
    }

    @Override
    public long[] values(long[] projections) {
      long[] values = new long[functions];
      for (int function = 0; function < functions; function++) {
        int from = function * size;
        int largest = 0;
        for (int i = 1; i < 2 * size; i++) {
          if (vertex(projections, from, i) > vertex(projections, from, largest)) {
            largest = i;
          }
        }
        values[function] = largest;
      }
      return values;
    }

    @Override
    public List<Alternative> alternatives(long[] projections) {
      long[] own = values(projections);
      List<Alternative> nearest = new ArrayList<>();
      for (int function = 0; function < functions; function++) {
        int from = function * size;
        double largest = vertex(projections, from, (int) own[function]);
        long farthest = farthest(projections, from);
        List<Alternative> alternatives = new ArrayList<>(NEIGHBOURS);
        for (int i = 0; i < 2 * size; i++) {
          if (i != own[function] && vertex(projections, from, i) >= farthest) {
            double distance = (largest - vertex(projections, from, i)) * Math.sqrt(0.5);
            alternatives.add(new Alternative(function, i, distance));
          }
        }
        alternatives.sort(Comparator.comparingDouble(Alternative::distance));
        nearest.addAll(alternatives.subList(0, Math.min(NEIGHBOURS, alternatives.size())));
      }
      return nearest;
    }

    @Override
    public double agreement(
        long[] values, long[] projections, long[] drawn, double correlation, double deviation) {
      return Arrays.equals(values, drawn) ? 1 : 0;
    }

    /** Projection of the last vertex that is a neighbour, or is the nearest itself. */
    private long farthest(long[] projections, int from) {
      long[] nearest = new long[Math.min(2 * size, NEIGHBOURS + 1)];
      int found = 0;
      for (int i = 0; i < 2 * size; i++) {
        long vertex = vertex(projections, from, i);
        int place = found;
        // Few of many vertices get in, so that keeping them sorted costs less than sorting all.
        while (place > 0 && nearest[place - 1] < vertex) {
          if (place < nearest.length) {
            nearest[place] = nearest[place - 1];
          }
          place--;
        }
        if (place < nearest.length) {
          nearest[place] = vertex;
          found = Math.min(found + 1, nearest.length);
        }
      }
      return nearest[nearest.length - 1];
    }

    private long vertex(long[] projections, int from, int index) {
      return index < size ? projections[from + index] : -projections[from + index - size];
    }
  }

  /**
   * A function is the number of the step, of a given width, that a shifted projection lies in
   * (Datar et al. 2004, section 3); neighbours are the steps below and above.
   *
   * @param width of a step, in units of the projections, at least 1
   * @param offsets one shift a projection, from 0 to the width
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Steps(long width, long[] offsets) implements Bucketing {
    @Override
    public int projections() {
      return offsets.length;
    }

    @Override
    public long[] values(long[] projections) {
      long[] values = new long[offsets.length];
      Arrays.setAll(values, i -> Math.floorDiv(projections[i] + offsets[i], width));
      return values;
    }

    @Override
    public List<Alternative> alternatives(long[] projections) {
      List<Alternative> alternatives = new ArrayList<>(2 * offsets.length);
      for (int i = 0; i < offsets.length; i++) {
        long step = Math.floorDiv(projections[i] + offsets[i], width);
        long above = Math.floorMod(projections[i] + offsets[i], width);
        alternatives.add(new Alternative(i, step - 1, above));
        alternatives.add(new Alternative(i, step + 1, width - above));
      }
      return alternatives;
    }

    @Override
    public double agreement(
        long[] values, long[] projections, long[] drawn, double correlation, double deviation) {
      double noise = noise(correlation) * deviation;
      double product = 1;
      for (int i = 0; i < values.length && product > NONE; i++) {
        double from = values[i] * (double) width - offsets[i] - correlation * projections[i];
        product *=
            CollisionProbabilities.below((from + width) / noise)
                - CollisionProbabilities.below(from / noise);
      }
      return product;
    }
  }

  /** A product below this is none. */
  double NONE = 1e-15;

  private static double noise(double correlation) {
    return Math.sqrt(Math.max(1e-12, 1 - correlation * correlation));
  }
}
