package dev.twinstream.lsh;

import dev.twinstream.lsh.MultiProbe.Probe;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the families on quantised encodings share: projections of the encoding a table, put into
 * buckets. Similarity is the cosine of the angle.
 *
 * <p>A query also probes every neighbouring key whose threshold is nearer than the margin, for
 * encodings that differ in their last bits between kinds of processor. The margin is how far such a
 * difference moves an encoding along one direction, in quantised steps (1 / 32767).
 */
abstract class EncodingFamily implements HashFamily<short[]> {
  private final int name;
  private final int tables;
  private final int functions;
  private final int dimensions;
  private final double margin;
  private final long epoch;

  /**
   * @param name of the family in {@link BucketKeys}
   */
  EncodingFamily(int name, Shape shape, long seed, long epoch) {
    this.name = name;
    this.tables = shape.tables();
    this.functions = shape.functions();
    this.dimensions = shape.dimensions();
    this.margin = shape.margin();
    this.epoch = Mixer.combine(epoch, seed);
  }

  /**
   * The numbers every such family has.
   *
   * @param tables at least 1
   * @param functions joined in a table's key, 1 to 63
   * @param dimensions components of an encoding, 1 to 4096
   * @param margin in quantised steps, 0 (none) or more
   */
  record Shape(int tables, int functions, int dimensions, double margin) {
    Shape {
      require(tables >= 1, "at least 1 table is wanted, found ", tables);
      require(functions >= 1 && functions <= 63, "1 to 63 functions a table, found ", functions);
      require(
          dimensions >= 1 && dimensions <= NormalMatrix.MOST_DIMENSIONS,
          "an encoding has 1 to 4096 dimensions, found ",
          dimensions);
      require(margin >= 0, "the margin is 0 or more, found ", margin);
    }

    private static void require(boolean holds, String sentence, Number found) {
      if (!holds) {
        throw new IllegalArgumentException(sentence + found);
      }
    }
  }

  /** The encoding's projections in a table. */
  abstract long[] projections(short[] quantized, int table);

  abstract Bucketing bucketing(int table);

  /** What a direction of unit length is multiplied by in the projections. */
  abstract double scale();

  @Override
  public final int tables() {
    return tables;
  }

  @Override
  public final int functions() {
    return functions;
  }

  /**
   * {@inheritDoc}
   *
   * @return one key a table; none for the zero encoding, which has no direction
   * @throws IllegalArgumentException for an encoding of another size
   */
  @Override
  public final long[] keys(short[] quantized, long scope) {
    if (!hasDirection(quantized)) {
      return new long[0];
    }
    long[] keys = new long[tables];
    for (int table = 0; table < tables; table++) {
      Bucketing bucketing = bucketing(table);
      keys[table] = key(bucketing.values(projections(quantized, table)), table, scope);
    }
    return keys;
  }

  @Override
  public final long[] probes(short[] quantized, long scope, int count) {
    MultiProbe.requireCount(count);
    if (!hasDirection(quantized)) {
      return new long[0];
    }
    List<TableHash> hashes = new ArrayList<>(tables);
    for (int table = 0; table < tables; table++) {
      long[] projections = projections(quantized, table);
      Bucketing bucketing = bucketing(table);
      hashes.add(new TableHash(bucketing.values(projections), bucketing.alternatives(projections)));
    }
    List<Probe> probes = MultiProbe.probes(hashes, count, margin * scale());
    long[] keys = new long[tables + probes.size()];
    for (int table = 0; table < tables; table++) {
      keys[table] = key(hashes.get(table).values(), table, scope);
    }
    for (int i = 0; i < probes.size(); i++) {
      keys[tables + i] = key(probes.get(i).values(), probes.get(i).table(), scope);
    }
    return keys;
  }

  private long key(long[] values, int table, long scope) {
    return BucketKeys.key(name, epoch, table, bucketing(table).code(values), scope);
  }

  private boolean hasDirection(short[] quantized) {
    if (quantized.length != dimensions) {
      throw new IllegalArgumentException(
          "the encoding has " + quantized.length + " components, wanted " + dimensions);
    }
    return !Arrays.equals(quantized, new short[dimensions]);
  }
}
