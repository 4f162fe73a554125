package dev.twinstream.lsh;

import java.util.List;

/**
 * A document's place in one table.
 *
 * @param values one a function; together they make the key
 * @param alternatives other values that a small change of the document would give
 */
@SuppressWarnings("ArrayRecordComponent") // lives for one call
record TableHash(long[] values, List<Alternative> alternatives) {

  /**
   * One function's next value beyond a threshold.
   *
   * @param distance from the document to that threshold, 0 or more, in units of the features
   */
  record Alternative(int function, long value, double distance) {}
}
