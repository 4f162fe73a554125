package dev.twinstream.dedup;

/**
 * How closely the stream watches its own recall.
 *
 * @param sampleOneIn one in so many new contents is compared with a sample of those that are
 *     stored; 0 = none
 * @param probeOneIn one in so many documents is looked up by a damaged copy of itself; 0 = none
 */
public record RecallParameters(int sampleOneIn, int probeOneIn) {
  /** No watch at all. */
  public static final RecallParameters OFF = new RecallParameters(0, 0);
}
